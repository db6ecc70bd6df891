internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End the session at the server, and forget it here.",
        discussion: "An API token stays good at the server: delete it there.")

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Result: Encodable {
        let server: String?
        let wasLoggedIn: Bool
    }

    func run() async throws {
        let file = LoginFile(environment: ProcessInfo.processInfo.environment)
        let login = try file.read()
        if let login {
            do {
                try await ServerClient.with(login) { try await $0.post("/auth/logout") }
            } catch let error as RemoteError {
                // A server that is away keeps nobody logged in here; its session ends by itself.
                if !output.json { ErrorReport(error).print() }
            }
        }
        let was = try file.remove()
        if output.json {
            try Console.print(json: Result(server: login?.server.url, wasLoggedIn: was))
        } else {
            try Console.print(lines: [login.map { "Logged out of \($0.server.url)" } ?? "Nobody was logged in"])
        }
    }
}
