internal import ArgumentParser

struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "Make the agents and jobs that are missing in the file, and no more.")

    @OptionGroup var load: LoadOptions

    @Option(help: "How many of the agents have a job.")
    var jobs = 0

    func run() async throws {
        var results = Results()
        try await load.withSurroundings(jobs: jobs) { surroundings in
            results.add("agents", "agents", surroundings.roster.count)
            results.add("with a job", "jobs", surroundings.roster.count { $0.job != nil })
        }
        try results.print(asJSON: load.json)
    }
}
