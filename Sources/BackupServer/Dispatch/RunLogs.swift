internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// Agents' log lines that belong to runs. All others are the agent's own affair.
///
/// The store bounds the lines of a run; here each line is bounded.
struct RunLogs: Sendable {
    private static let longestMessage = 4000
    private static let largestFields = 32
    private static let longestField = 1000

    let stores: DispatchStores

    func took(_ events: [LogEvent], from agent: AgentRecord.ID) async throws {
        var lines: [BackupID: [RunLogLine]] = [:]
        for event in events {
            guard let text = event.fields["run_id"], let id = try? BackupID(text) else { continue }
            lines[id, default: []].append(Self.line(event))
        }
        for (id, lines) in lines {
            guard try await stores.runs.run(id)?.agentID == agent else { continue }
            try await stores.runs.appendLogs(lines, to: id)
        }
    }

    private static func line(_ event: LogEvent) -> RunLogLine {
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
