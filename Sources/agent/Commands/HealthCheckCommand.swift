internal import ArgumentParser
internal import BackupAgent
internal import FoundationEssentials

struct HealthCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health-check",
        abstract: "Ask the running agent whether it is well.",
        discussion: """
            For Docker's HEALTHCHECK: exit status 0 when it lives, its state is readable and its loops turn. It asks over a \
            socket in the state directory, and needs no key. A server out of reach is no reason to restart an agent.
            """)

    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let directory = try AgentSettings.stateDirectory(environment: ProcessInfo.processInfo.environment)
        let report = try await LivenessClient.ask(directory: directory)
        if json {
            try Console.print(json: report)
        } else if report.isAlive {
            Console.print("healthy; connection to the server: \(report.session)")
        }
        if let problem = report.problem { throw AgentError.unhealthy(problem) }
    }
}
