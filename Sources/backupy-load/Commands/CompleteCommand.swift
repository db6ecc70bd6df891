internal import ArgumentParser

struct CompleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Order runs, let all agents complete theirs at once, and see how many the server takes in a second.",
        discussion: """
            Each run is acknowledged, its 13 bytes are put into the server's own store, the upload is completed, and the run is \
            over when the server has acknowledged BackupCompleted. Orders are not part of the time.
            """)

    @OptionGroup var load: LoadOptions

    @Option(help: "How many runs in a round: each of another job.")
    var runs = 1000

    @Option(help: "How many rounds.")
    var rounds = 3

    func validate() throws {
        guard (1...load.agents).contains(runs), rounds > 0 else {
            throw ValidationError("--runs: at most one for each agent; --rounds: at least 1")
        }
    }

    func run() async throws {
        var results = Results()
        try await load.withSurroundings(jobs: runs) { surroundings in
            let work = StoringWork(client: surroundings.client, holding: true)
            try await surroundings.withFleet(work) { fleet in
                var (ordering, completing) = (Duration.zero, Duration.zero)
                for round in 1...rounds {
                    work.hold()
                    var start = ContinuousClock.now
                    try await surroundings.order(runs, calls: 16, work)
                    try await fleet.wait(within: .seconds(60), "the arrival of \(runs) orders") { _ in
                        work.counts.held >= runs
                    }
                    ordering += .now - start
                    start = .now
                    work.release()
                    try await fleet.wait(within: .seconds(120), "the end of \(runs) runs") { _ in
                        work.counts.completed + work.counts.failures.values.reduce(0, +) >= runs * round
                    }
                    completing += (work.counts.lastCompleted ?? .now) - start
                }
                let counts = work.counts
                results.add("agents connected", "connected", fleet.tally.counts.registered)
                results.add("runs completed", "completed", counts.completed)
                results.add(
                    "completed in a second", "completed_per_s", Double(counts.completed) / (completing / .seconds(1)),
                    "/s")
                results.add(
                    "ordered in a second", "ordered_per_s", Double(runs * rounds) / (ordering / .seconds(1)), "/s")
                results.add("from the call to the arrival", "run", counts.arrivals)
                results.add(failures: counts.failures)
            }
        }
        try results.print(asJSON: load.json)
    }
}
