internal import ArgumentParser
internal import BackupAgent

struct SelfUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-update", abstract: "Say that there is no update: updates are not built yet.")

    @Argument(help: "The version, such as 1.4.0.") var version: String

    func run() async throws { throw AgentError.noUpdateOffered(version) }
}
