internal import ArgumentParser

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Show the server's jobs: what is backed up, and when.")

    @Option(help: "Only this agent's.")
    var agent: String?

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let agent = agent
        let jobs = try await remote.withServer { try await ServerNames(server: $0).all("job", agent: agent) }
        if output.json { return try Console.print(json: ServerList(items: jobs.map(\.document))) }
        guard !jobs.isEmpty else { return try Console.print(lines: ["no jobs: 'backupy apply' makes some"]) }
        var table = TextTable(["JOB", "SCHEDULE", "NEXT", "EXPECTED BY", "ID"])
        for job in jobs {
            func text(_ name: String) -> String { job.document[name]?.shown ?? "" }
            let schedule =
                job.document["is_enabled"]?.bool == false ? "off" : text("cron").isEmpty ? "by hand" : text("cron")
            table.add(["\(job.agent)/\(text("name"))", schedule, text("next_due_at"), text("expected_by"), job.id])
        }
        try Console.print(lines: table.lines)
    }
}
