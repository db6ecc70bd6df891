internal import ArgumentParser

struct TargetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets",
        abstract: "Show the server's targets: the databases that agents can back up.")

    @Option(help: "Only this agent's.")
    var agent: String?

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let agent = agent
        let targets = try await remote.withServer { try await ServerNames(server: $0).all("target", agent: agent) }
        if output.json { return try Console.print(json: ServerList(items: targets.map(\.document))) }
        guard !targets.isEmpty else { return try Console.print(lines: ["no targets: 'backupy apply' makes some"]) }
        var table = TextTable(["TARGET", "ENGINE", "WHERE", "DATABASE", "ID"])
        for target in targets { table.add(Self.row(target)) }
        try Console.print(lines: table.lines)
    }

    private static func row(_ target: ServerNames.Found) -> [String] {
        func text(_ name: String) -> String { target.document[name]?.shown ?? "" }
        let port = target.document["port"]?.integer.flatMap { $0 == 0 ? nil : ":\($0)" } ?? ""
        let place = text("container_id").isEmpty ? text("host") + port : "container \(text("container_id"))"
        return ["\(target.agent)/\(text("name"))", text("engine"), place, text("database"), target.id]
    }
}
