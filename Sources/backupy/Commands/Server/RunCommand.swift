internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Have the server run a job now.",
        discussion: """
            With --wait until the run has ended: exit status 0 only if it is a success. What stops the waiting does not stop the run.
            """)

    @Argument(
        help: ArgumentHelp("The job: AGENT/NAME, its name alone where there is only one, or its id.", valueName: "JOB"))
    var job: String

    @Flag(help: "Wait for its end, with progress.")
    var wait = false

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let (name, wait, output) = (job, wait, output)
        let run = try await remote.withServer { server in
            let names = ServerNames(server: server)
            let job = try await names.job(name)
            // Repeated by whatever is in between, it is one run.
            let once = ["Idempotency-Key": UUID().uuidString]
            let run: JSONValue = try await server.post("/jobs/\(job.id)/run", [String: String](), headers: once)
            if !output.json { try await names.noteAbsence(of: job.agent) }
            guard wait, let id = run["id"]?.text else { return run }
            return try await RemoteWait(server: server, output: output).end(of: "/runs/\(id)")
        }
        let text = RunText(run)
        try output.json ? Console.print(json: run) : Console.print(lines: text.lines)
        if wait, text.status != "success" {
            throw RemoteError.runFailed(text.id, status: text.status, reason: text.failure, hint: text.hint)
        }
    }
}
