package import BackupControl
package import BackupCore
package import FoundationEssentials

/// What the API needs of the stores behind storage profiles.
package protocol StorageAccess: Sendable {
    /// Puts a small object, gets it, and deletes it. - Throws: what went wrong, as the store's errors tell it.
    func test(_ profile: StorageProfile) async throws
    /// A URL that gives the object without any other key until `expiry`.
    func downloadURL(for run: RunRecord, until expiry: Date) async throws -> Secret
    /// A decryption token of the run (docs/format.md). - Throws: ``ControlError/precondition(_:)`` where the control plane has no key of it.
    func decryptionToken(for run: RunRecord, until expiry: Date) async throws -> Secret
}
