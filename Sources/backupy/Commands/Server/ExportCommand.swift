internal import ArgumentParser

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print what the server has as a file for 'backupy apply'.",
        discussion: "Secrets never come back from a server: where there is one, the file has a ${NAME} to be filled.")

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let text = ExportText(try await remote.withServer { try await Inventory(from: $0, agents: nil) })
        try output.json ? Console.print(json: text) : Console.print(lines: text.lines)
    }
}
