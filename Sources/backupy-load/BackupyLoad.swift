internal import ArgumentParser
internal import BackupCore
internal import Glibc

/// `backupy-load`: up to 10,000 agents in one process, and what a server does under them. A tool for developers.
@main
struct BackupyLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backupy-load",
        abstract: "Measure a Backupy server with many agents that speak the real wire.",
        discussion: """
            The agents do nothing but talk: no database, no state. Each command needs some of them; those that the file of agents \
            doesn't name yet are made through the server's API, and written there. script/bench-server runs all of it.
            """,
        subcommands: [
            AgentsCommand.self, ConnectCommand.self, ReturnCommand.self, RunCommand.self, CompleteCommand.self,
            ListCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        raiseFileLimit()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as any BackupError {
            Console.say("error: \(error.message)\n  \(error.hint)")
            Glibc.exit(1)
        } catch {
            exit(withError: error)
        }
    }

    /// A socket for each agent: as many as this process may have.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it fails, the first socket too many says so.
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
