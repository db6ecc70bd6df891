/// What an error of Backupy tells the person who meets it.
///
/// One enum per module conforms. The parts are decided where the failure is understood; nothing
/// further up looks into the text to find out what happened.
package protocol BackupError: Error, CustomStringConvertible {
    /// Stable, dotted and safe as a metric label: `format.truncated`.
    var code: String { get }
    /// One lower-case sentence: what failed, and on what. Never holds a secret.
    var message: String { get }
    /// What to do next.
    var hint: String { get }
    /// Who can do something about it.
    var recovery: Recovery { get }
    /// The error underneath, whole, for the log.
    var cause: (any Error)? { get }
}

extension BackupError {
    package var cause: (any Error)? { nil }
    package var description: String { "\(message) [\(code)]" }
}

/// Who can do something about a failure.
package enum Recovery: String, Sendable, Codable {
    /// The same attempt may succeed later: a network fault, a server that is overloaded.
    case retry
    /// A person has to change something first: a password, a path, free space.
    case userAction = "user_action"
    /// A defect of Backupy.
    case bug
}
