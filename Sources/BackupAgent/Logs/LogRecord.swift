internal import BackupCore
package import FoundationEssentials
package import Logging

/// One thing that was logged, with the secrets already hidden.
package struct LogRecord: Sendable {
    package var time: Date
    package var level: Logger.Level
    package var message: String
    package var fields: [String: String]

    package init(time: Date, level: Logger.Level, message: String, fields: [String: String] = [:]) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }

    /// `2026-01-31T23:59:59.120Z`
    var timestamp: String {
        let milliseconds = Int((time.timeIntervalSince1970 * 1000).rounded(.down))
        let second = UTCTime(Date(timeIntervalSince1970: Double(milliseconds / 1000))).rfc3339.dropLast()
        return "\(second).\(String(milliseconds % 1000 + 1000).dropFirst())Z"
    }

    /// One line of JSON with its line break: `ts`, `level`, `msg`, then the fields by name.
    ///
    /// A field called as one of the three is written with a `_` before its name.
    package var jsonLine: String {
        var line = #"{"ts":"\#(timestamp)","level":"\#(level.agentName)","msg":\#(JSONText.quoted(message))"#
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            let name = ["ts", "level", "msg"].contains(name) ? "_" + name : name
            line += ",\(JSONText.quoted(name)):\(JSONText.quoted(value))"
        }
        return line + "}\n"
    }
}
