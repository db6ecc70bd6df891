internal import ArgumentParser

struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Connect all agents, and see what they cost the server while they only live.")

    @OptionGroup var load: LoadOptions

    @Option(help: ArgumentHelp("The server's process, on this machine.", valueName: "pid"))
    var serverPid: Int32

    @Option(help: "How long they stay, after all are connected.")
    var seconds = 60

    func run() async throws {
        let process = ServerProcess(id: serverPid)
        var results = Results()
        try await load.withSurroundings { surroundings in
            let idle = try process.residentMemory()
            let (began, cpuBefore) = (ContinuousClock.now, try process.cpuTime())
            try await surroundings.withFleet { fleet in
                let counts = fleet.tally.counts
                results.add("agents connected", "connected", counts.registered)
                results.add("all connected after", "connect_s", (.now - began) / .seconds(1), "s")
                results.add(
                    "server's CPU for that", "connect_cpu_s", (try process.cpuTime() - cpuBefore) / .seconds(1), "s")
                results.add("handshake", "handshake", counts.handshakes)
                results.add("failed handshakes", "connect_failures", counts.failed)
                results.add(failures: counts.failures)
                fleet.tally.reset()
                let (start, cpu) = (ContinuousClock.now, try process.cpuTime())
                try await Task.sleep(for: .seconds(seconds))
                let cores = (try process.cpuTime() - cpu) / (ContinuousClock.now - start)
                let quiet = fleet.tally.counts
                results.add("heartbeats", "heartbeats", quiet.heartbeats)
                results.add("connections lost", "lost", quiet.lost)
                results.add("server's CPU, connected", "cores", cores, "cores")
                results.add("server's memory before", "idle_mib", Double(idle) / 1_048_576, "MiB")
                results.add(
                    "server's memory, connected", "rss_mib", Double(try process.residentMemory()) / 1_048_576, "MiB")
            }
        }
        try results.print(asJSON: load.json)
    }
}
