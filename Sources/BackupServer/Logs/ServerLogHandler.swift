package import BackupCore
internal import FoundationEssentials
package import Logging

/// Where everything goes that the server logs: a line of JSON each, with the secrets hidden.
package struct ServerLogHandler: LogHandler {
    /// Characters of a text; the rest is cut away.
    private static let longestText = 8192

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let lines: LineWriter
    private let redaction: Redaction

    package init(level: Logger.Level, lines: LineWriter = LineWriter(), redaction: Redaction = Redaction()) {
        logLevel = level
        self.lines = lines
        self.redaction = redaction
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: Logging.LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        var texts = fields.mapValues(\.description)
        if let error = event.error as? any BackupError {
            texts["error"] = error.message
            texts["error_code"] = error.code
            if let cause = error.cause { texts["cause"] = "\(cause)" }
        } else if let error = event.error {
            texts["error"] = "\(error)"
        }
        var line =
            #"{"ts":"\#(UTCTime(Date()).rfc3339)","level":"\#(event.level.rawValue)","msg":\#(quoted(event.message.description))"#
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) where !["ts", "level", "msg"].contains(name) {
            line += ",\(JSONText.quoted(name)):\(quoted(text))"
        }
        lines.write(line + "}\n")
    }

    /// Hidden first and cut then: half a secret would not be known any more.
    private func quoted(_ text: String) -> String {
        JSONText.quoted(String(redaction.hide(String(text.prefix(8 * Self.longestText))).prefix(Self.longestText)))
    }
}
