internal import ArgumentParser
internal import BackupAgent

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show version, commit and build date.")

    @Flag(help: "Print one JSON document.") var json = false

    private struct Document: Encodable {
        let version = AgentVersion.current
        let commit = AgentVersion.commit
        let buildDate = AgentVersion.buildDate
    }

    func run() throws { if json { try Console.print(json: Document()) } else { Console.print(AgentVersion.line) } }
}
