package import FoundationEssentials

/// Something that people are told. Holds no secret: it goes to services of others.
package struct Notice: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case runFailed = "run_failed"
        case runRecovered = "run_recovered"
        case backupLate = "backup_late"
        case agentOffline = "agent_offline"
        case agentOnline = "agent_online"
        case checkDown = "check_down"
        case checkUp = "check_up"
        case retentionBraked = "retention_braked"
        case restoreFinished = "restore_finished"
        case serverWasDown = "server_was_down"
        /// Asked for, to try a channel. Goes to that channel alone.
        case test
    }

    /// Of a text that comes from elsewhere, such as an error of a tool.
    package static let longestText = 1500

    package let kind: Kind
    /// One line.
    package let title: String
    /// One line each.
    package let lines: [String]
    package let at: Date
    /// What it is about, for programs: `job_id` and the like.
    package let ids: [String: String]
    /// The same thing is told once to each channel.
    package let dedupKey: String

    package init(
        _ kind: Kind, _ title: String, _ lines: [String], at: Date, ids: [String: String] = [:], dedupKey: String
    ) {
        self.kind = kind
        self.title = Self.line(title)
        self.lines = lines.map(Self.line)
        self.at = at
        self.ids = ids
        self.dedupKey = "\(kind.rawValue)/\(dedupKey)"
    }

    package var text: String { ([title] + lines).joined(separator: "\n") }

    /// Neither a line break nor another character that moves a cursor: what agents say must not forge a second message.
    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isVisible ? $0 : " " }).prefix(longestText))
    }
}

extension Unicode.Scalar {
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
