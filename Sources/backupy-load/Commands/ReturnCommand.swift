internal import ArgumentParser

struct ReturnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "Connect all agents, wait until the server is restarted, and see how soon all of them are back.",
        discussion:
            "Says 'ready' on stderr once the server may be restarted. The agents come back as the real one does.")

    @OptionGroup var load: LoadOptions

    func run() async throws {
        var results = Results()
        try await load.withSurroundings { surroundings in
            try await surroundings.withFleet { fleet in
                fleet.tally.reset()
                Console.say("ready")
                let all = fleet.count
                try await fleet.wait(within: surroundings.patience, "the loss of the server") { $0.lost >= all }
                try await fleet.wait(within: surroundings.patience, "the return of \(all) agents") {
                    $0.registered == all
                }
                let counts = fleet.tally.counts
                guard let lost = counts.firstLost, let first = counts.firstBack, let last = counts.lastRegistered else {
                    return
                }
                results.add("agents back", "back", counts.registered)
                results.add("from the first loss to the first return", "outage_s", (first - lost) / .seconds(1), "s")
                results.add("from the first return to the last", "return_s", (last - first) / .seconds(1), "s")
                results.add("from the first loss to the last return", "all_back_s", (last - lost) / .seconds(1), "s")
                results.add("failed attempts", "failures", counts.failed)
                results.add("handshake", "handshake", counts.handshakes)
                results.add(failures: counts.failures)
            }
        }
        try results.print(asJSON: load.json)
    }
}
