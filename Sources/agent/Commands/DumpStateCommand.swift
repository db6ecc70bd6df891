internal import ArgumentParser
internal import BackupAgent
internal import FoundationEssentials

struct DumpStateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump-state",
        abstract: "Print the agent's state as JSON, also while it runs.",
        discussion: "Needs the agent's key, which opens the state. Secrets are withheld unless asked for.")

    @Flag(help: "Print passwords, keys and upload addresses too.") var allowSecrets = false

    func run() async throws {
        let settings = try AgentSettings(environment: ProcessInfo.processInfo.environment)
        try Console.print(json: await StateDump.read(settings, withSecrets: allowSecrets))
    }
}
