package import BackupControl
package import BackupCore

/// Finds out who makes a request.
package protocol Authenticator: Sendable {
    /// - Parameter token: of a session or of a program.
    /// - Returns: nil for one that is unknown, has expired, or is of an account that is disabled.
    func caller(token: Secret, isCookie: Bool) async throws -> Caller?
}

extension CallerLookup: Authenticator {}
