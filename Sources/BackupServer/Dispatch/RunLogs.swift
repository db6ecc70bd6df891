internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Agents' log lines that belong to runs. All others are the agent's own affair.
///
/// The store bounds the lines of a run; here each line is bounded, and what comes long after the end is left out. Memory: a count for
/// each agent that sends such lines, 20,000 at most (``RateLimiter``).
struct RunLogs: Sendable {
    /// How long after its end was written down a run still gets lines.
    ///
    /// An agent that was cut off brings the end of a run and what it has said about it within the same minutes. What comes an hour after
    /// that is of a run that somebody else has ended, and would let an agent fill the logs of all its old runs.
    static let grace: TimeInterval = 3600
    private static let longestMessage = 4000
    private static let largestFields = 32
    private static let longestField = 1000

    private let stores: DispatchStores
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let news = RateLimiter(perMinute: 1)

    init(stores: DispatchStores, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) {
        self.stores = stores
        self.logger = logger
        self.now = now
    }

    func took(_ events: [BackupWire.LogEvent], from agent: AgentRecord.ID) async throws {
        var lines: [BackupID: [RunLogLine]] = [:]
        for event in events {
            guard let text = event.fields["run_id"], let id = try? BackupID(text) else { continue }
            lines[id, default: []].append(Self.line(event))
        }
        var late = 0
        for (id, lines) in lines {
            guard let run = try await stores.runs.run(id), run.agentID == agent else { continue }
            if let end = run.finishedAt, now().timeIntervalSince(end) > Self.grace {
                late += lines.count
            } else {
                try await stores.runs.appendLogs(lines, to: id)
            }
        }
        if late > 0 { tell(late, agent) }
    }

    /// Once a minute for an agent at most: whoever sends many must not fill our own log with them.
    private func tell(_ late: Int, _ agent: AgentRecord.ID) {
        guard news.take(agent.string, at: .now) == nil else { return }
        logger.notice(
            "lines about runs that ended long ago are not kept",
            metadata: ["agent_id": "\(agent)", "lines": "\(late)"])
    }

    private static func line(_ event: BackupWire.LogEvent) -> RunLogLine {
        let fields = event.fields.filter { $0.key != "run_id" && $0.key != "job_id" }.prefix(largestFields)
        let pairs = fields.map { (String($0.key.prefix(100)), String($0.value.prefix(longestField))) }
        return RunLogLine(
            at: time(event.timeMilliseconds), level: name(event.level),
            message: String(event.message.prefix(longestMessage)), fields: Dictionary(pairs) { first, _ in first })
    }

    /// By the agent's clock, which says what it likes; not later than ours by more than a day.
    private static func time(_ milliseconds: UInt64) -> Date {
        min(Date(timeIntervalSince1970: Double(milliseconds) / 1000), Date().addingTimeInterval(86_400))
    }

    private static func name(_ level: LogLevel) -> String {
        switch level {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        }
    }
}
