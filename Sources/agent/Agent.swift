internal import ArgumentParser
internal import BackupAgent
internal import BackupCore
internal import CBackupSystem
internal import Glibc

/// `agent`: the service beside the databases.
@main
struct Agent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Backs up the databases of this host, as a control plane tells it to.",
        discussion: """
            All settings are environment variables; the two that it needs:

              BACKUPY_SERVER_URL   https://backups.example.com
              BACKUPY_AGENT_KEY    the key that the control plane has shown once,
                                   or BACKUPY_AGENT_KEY_FILE, a file with it

            Exit status: 0 done, 1 failed, 2 wrong usage or settings.
            """,
        version: AgentVersion.line,
        subcommands: [
            RunCommand.self, VersionCommand.self, HealthCheckCommand.self, DumpStateCommand.self, DiscoverCommand.self,
            SelfUpdateCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    static func main() async {
        // A reader of ours that goes away is an error of that write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // The pipeline's blocks are of 1 MiB: without this, each of them is mapped, faulted in and unmapped anew.
        backup_keep_freed_blocks(16 << 20)
        Glibc.exit(await status())
    }

    private static func status() async -> Int32 {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as any BackupError {
            Console.printError(error)
            if case AgentError.settings = error { return 2 }
            return 1
        } catch let error as ExitCode {
            return error.rawValue
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            Console.write(text, to: code == .success ? STDOUT_FILENO : STDERR_FILENO)
            return code == .success ? 0 : code == .validationFailure ? 2 : 1
        }
    }
}
