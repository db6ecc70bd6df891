internal import ArgumentParser

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Show the server's runs, the newest first.")

    @Option(help: "Only of this agent.")
    var agent: String?

    @Option(help: "Only of this target.")
    var target: String?

    @Option(
        help:
            "Only with this status: pending, dispatched, running, uploading, validating, success, failed, cancelled, lost."
    )
    var status: String?

    @Option(help: "Only from this time on (RFC 3339).")
    var from: String?

    @Option(help: "Only until this time (RFC 3339).")
    var to: String?

    @Option(help: "How many at most.")
    var limit = 20

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard (1...ServerClient.largestList).contains(limit) else {
            throw ValidationError("--limit: 1 to \(ServerClient.largestList)")
        }
    }

    func run() async throws {
        let options = self
        let runs = try await remote.withServer { server in
            let names = ServerNames(server: server)
            var query: [(String, String?)] = [("status", options.status), ("from", options.from), ("to", options.to)]
            if let agent = options.agent { query.append(("agent_id", try await names.agent(agent)["id"]?.text)) }
            if let target = options.target { query.append(("target_id", try await names.target(target).id)) }
            return try await server.list("/runs", query, limit: options.limit) as [JSONValue]
        }
        if output.json { return try Console.print(json: ServerList(items: runs)) }
        guard !runs.isEmpty else { return try Console.print(lines: ["no runs"]) }
        var table = TextTable(RunText.header)
        for run in runs { table.add(RunText(run).row) }
        try Console.print(lines: table.lines)
    }
}
