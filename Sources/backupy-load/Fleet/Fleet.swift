internal import BackupCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Agents, all in this process.
///
/// Memory: about 60 KB for each connected agent, most of it TLS. Threads: those of the event loops.
final class Fleet: Sendable {
    /// Connections that are opened at the same time when the fleet starts. Afterwards agents come as they come.
    static let dialing = 128

    let tally = Tally()
    let dialer: AgentDialer
    let work: any RunWork
    private let roster: [Roster.Entry]
    private let group: MultiThreadedEventLoopGroup
    private let crew = Mutex<[LoadAgent]>([])
    private let stopping = Atomic(false)

    init(
        _ roster: [Roster.Entry], endpoint: ServerEndpoint, tls: TLSConfiguration, group: MultiThreadedEventLoopGroup,
        work: any RunWork
    ) throws {
        self.roster = roster
        self.group = group
        self.work = work
        dialer = AgentDialer(endpoint: endpoint, context: try NIOSSLContext(configuration: tls))
    }

    var count: Int { roster.count }
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Connects all, and returns once each of them is registered.
    /// - Throws: ``LoadError/timedOut(_:after:)``, with the commonest failure.
    func connect(within limit: Duration) async throws {
        let agents = roster.map { LoadAgent(key: $0.key, fleet: self, loop: group.next()) }
        crew.withLock { $0 = agents }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, agent) in agents.enumerated() {
                if index >= Self.dialing { try await group.next() }
                group.addTask { try await agent.connect().get() }
            }
            try await group.waitForAll()
        }
        try await wait(within: limit, "the registration of \(count) agents") { $0.registered == self.count }
    }

    /// Looks at the tally, every 10 ms, until it is so.
    func wait(
        within limit: Duration, _ what: String, until isSo: @Sendable (Tally.Counts) -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        while true {
            let counts = tally.counts
            if isSo(counts) { return }
            guard ContinuousClock.now < end else {
                let reason = counts.commonestFailure.map { "; mostly: \($0)" } ?? ""
                throw LoadError.timedOut("\(what) (\(counts.registered) are\(reason))", after: limit)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Ends every connection, and no agent comes back.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        let agents = crew.withLock { crew in
            defer { crew = [] }
            return crew
        }
        for agent in agents { agent.hangUp() }
    }
}
