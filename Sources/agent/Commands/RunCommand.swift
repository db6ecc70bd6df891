internal import ArgumentParser
internal import BackupAgent
internal import FoundationEssentials
internal import Glibc
internal import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the service (the default).",
        discussion: """
            SIGTERM and SIGINT stop it in order: it takes no more work, lets uploads in flight finish for \
            BACKUPY_SHUTDOWN_GRACE (30 s), and ends the rest. A second one ends it at once.
            """)

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let service = try await AgentService(AgentSettings(environment: environment), environment: environment)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let (stops, stop) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var isStopping = false
                for await signal in signals {
                    if isStopping { _exit(128 + signal.rawValue) }
                    isStopping = true
                    stop.yield()
                }
            }
            try await service.run(until: stops)
            group.cancelAll()
        }
    }
}
