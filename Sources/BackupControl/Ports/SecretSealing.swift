package import BackupCore

/// Seals secrets that must be had in clear again, each for its place.
package protocol SecretSealing: Sendable {
    func seal(_ secret: Secret, for place: String) throws -> [UInt8]
    /// - Throws: ``ControlError/precondition(_:)`` for what was sealed under another key, or elsewhere.
    func open(_ sealed: [UInt8], for place: String) throws(ControlError) -> Secret
}

extension SealedText: SecretSealing {}
