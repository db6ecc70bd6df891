internal import ArgumentParser
internal import BackupAgent

/// `agent`: the service beside the databases.
@main
struct Agent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "agent", version: AgentVersion.current)
}
