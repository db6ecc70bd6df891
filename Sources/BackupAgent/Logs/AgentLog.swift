package import BackupCore
package import FoundationEssentials
package import Logging
internal import Synchronization

/// Where everything goes that the agent logs: to stdout, and to the server.
///
/// One for the process. Its level can be changed while it runs.
package final class AgentLog: Sendable {
    /// Characters of a message or a field; the rest is cut away.
    static let longestText = 8192
    static let mostFields = 32

    package let redaction: Redaction
    private let lines: LineWriter
    private let server: ServerLog?
    private let now: @Sendable () -> Date
    private let currentLevel: Mutex<Logger.Level>

    package init(
        level: Logger.Level = .info, redaction: Redaction = Redaction(), lines: LineWriter = LineWriter(),
        server: ServerLog? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.redaction = redaction
        self.lines = lines
        self.server = server
        self.now = now
        currentLevel = Mutex(level)
    }

    package var level: Logger.Level {
        get { currentLevel.withLock { $0 } }
        set { currentLevel.withLock { $0 = newValue } }
    }

    /// A logger that writes here.
    package func logger(_ label: String = "agent") -> Logger {
        Logger(label: label) { _ in AgentLogHandler(log: self) }
    }

    func write(_ level: Logger.Level, _ message: String, error: (any Error)?, metadata: Logger.Metadata) {
        var fields: [String: String] = [:]
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }).prefix(Self.mostFields) {
            fields[name] = text(value.description)
        }
        if let error { describe(error, into: &fields) }
        let record = LogRecord(time: now(), level: level, message: text(message), fields: fields)
        lines.write(record.jsonLine)
        server?.record(record)
    }

    private func describe(_ error: any Error, into fields: inout [String: String]) {
        if let error = error as? any BackupError {
            fields["error"] = text(error.message)
            fields["error_code"] = error.code
            if let cause = error.cause { fields["cause"] = text("\(cause)") }
        } else {
            fields["error"] = text("\(error)")
        }
    }

    /// Hidden first and cut then: half a secret would not be known any more.
    private func text(_ raw: String) -> String {
        let hidden = redaction.hide(String(raw.prefix(8 * Self.longestText)))
        return hidden.count <= Self.longestText ? hidden : hidden.prefix(Self.longestText) + "…"
    }
}
