internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the server have what a file declares: storage, agents, targets, jobs, channels, checks.",
        discussion: """
            Shows what it would do, and asks. Applied twice, the second time does nothing. A field that the file leaves out stays as \
            the server has it. Secrets stand in the file as ${NAME} or file:PATH, never in clear, and are sent when a thing is made; \
            see docs/operate/server-cli.md.
            """)

    @Option(
        name: [.customShort("f"), .customLong("file")], help: ArgumentHelp("The file, in YAML.", valueName: "FILE"))
    var file: String

    @Flag(help: "Don't ask.")
    var yes = false

    @Flag(help: "Only show what would be done.")
    var dryRun = false

    @Flag(help: "Also remove what the file does not declare: in the sections that it has, of the agents that it names.")
    var prune = false

    @Flag(help: "Also send secrets again that the server has already.")
    var sendSecrets = false

    @OptionGroup(title: "Server") var remote: RemoteOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Result: Encodable {
        struct Key: Encodable {
            let agent: String
            let key: String
        }

        let plan: PlanText
        let applied: Int
        let keys: [Key]
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let bytes = try TextFile.read(file, limit: ApplyFile.largestSize)
        let declared = try ApplyFile(String(decoding: bytes, as: UTF8.self), name: file, environment: environment)
        let command = self
        try await remote.withServer { server in
            let agents = Set(declared.things.compactMap(\.agent))
            let inventory = try await Inventory(from: server, agents: agents)
            let plan = try Plan(declared, inventory, prunes: command.prune, sendsSecrets: command.sendSecrets)
            let text = PlanText(plan)
            if !command.output.json { try Console.print(lines: text.lines) }
            var runner = PlanRunner(server, inventory, file: command.file, environment: environment)
            if !command.dryRun, !plan.steps.isEmpty {
                guard try command.yes || TerminalQuestion.confirm("\(text.summary). Do it?") else {
                    throw ApplyError.notConfirmed
                }
                do {
                    try await runner.run(plan)
                } catch {
                    // Keys are shown once: also those of a plan that stopped later.
                    try command.printEnd(text, runner)
                    throw error
                }
            }
            try command.printEnd(text, runner)
        }
    }

    private func printEnd(_ text: PlanText, _ runner: PlanRunner) throws {
        if output.json {
            let keys = runner.keys.map { Result.Key(agent: $0.agent, key: $0.key.revealed) }
            return try Console.print(json: Result(plan: text, applied: runner.done, keys: keys))
        }
        if runner.done > 0 { try Console.print(lines: ["Applied: \(text.summary)"]) }
        for fresh in runner.keys {
            try Console.print(lines: ["The key of agent \(fresh.agent), shown only now:", "  \(fresh.key.revealed)"])
        }
    }
}
