internal import ArgumentParser

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what an agent said about a run.")

    @Argument(help: ArgumentHelp("The run's id, as 'backupy runs' prints it.", valueName: "RUN"))
    var run: String

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let id = run
        let lines: [JSONValue] = try await remote.withServer { try await $0.list("/runs/\(id)/logs") }
        if output.json { return try Console.print(json: ServerList(items: lines)) }
        guard !lines.isEmpty else { return try Console.print(lines: ["no lines"]) }
        try Console.print(
            lines: lines.map { line in
                let fields = line["fields"]?.shown ?? ""
                return ["at", "level", "message"].map { line[$0]?.shown ?? "" }.joined(separator: "  ")
                    + (fields.isEmpty ? "" : "  (\(fields))")
            })
    }
}
