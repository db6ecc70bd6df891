internal import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "With all agents connected, ask for runs, and see how soon each order has arrived at its agent.")

    @OptionGroup var load: LoadOptions

    @Option(help: "How many runs: each of another job.")
    var runs = 1000

    @Option(help: "How many calls at the same time.")
    var calls = 2

    func validate() throws {
        guard (1...load.agents).contains(runs), calls > 0 else {
            throw ValidationError("--runs: at most one for each agent; --calls: at least 1")
        }
    }

    func run() async throws {
        var results = Results()
        try await load.withSurroundings(jobs: runs) { surroundings in
            let work = StoringWork(client: surroundings.client, holding: false)
            try await surroundings.withFleet(work) { fleet in
                let began = ContinuousClock.now
                try await surroundings.order(runs, calls: calls, work)
                let took = (ContinuousClock.now - began) / .seconds(1)
                try await fleet.wait(within: .seconds(60), "the end of \(runs) runs") { _ in
                    work.counts.completed + work.counts.failures.values.reduce(0, +) >= runs
                }
                let counts = work.counts
                results.add("agents connected", "connected", fleet.tally.counts.registered)
                results.add("orders arrived", "arrived", counts.arrivals.count)
                results.add("from the call to the arrival", "run", counts.arrivals)
                results.add("calls", "calls_per_s", Double(runs) / took, "/s")
                results.add("runs completed", "completed", counts.completed)
                results.add(failures: counts.failures)
            }
        }
        try results.print(asJSON: load.json)
    }
}

extension LoadSurroundings {
    /// Asks for one run of each of the first `count` jobs, and returns once each call was answered.
    func order(_ count: Int, calls: Int, _ work: StoringWork) async throws {
        let jobs = roster.compactMap(\.job).prefix(count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, job) in jobs.enumerated() {
                if index >= calls { try await group.next() }
                group.addTask {
                    work.willAsk(job: job)
                    try await api.run(job: job)
                }
            }
            try await group.waitForAll()
        }
    }
}
