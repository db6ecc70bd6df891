internal import ArgumentParser
internal import BackupAgent

struct SelfUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-update", abstract: "Ask the server for a version, and update to it.")

    @Argument(help: "The version, such as 1.4.0.") var version: String

    func run() async throws { throw AgentError.noUpdateOffered(version) }
}
