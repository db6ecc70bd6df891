internal import ArgumentParser

struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "Make the agents and jobs that are missing in the file, and no more.")

    @OptionGroup var load: LoadOptions

    @Option(help: "How many of the agents have a job.")
    var jobs = 0

    func run() async throws { try await load.withSurroundings(jobs: jobs) { _ in } }
}
