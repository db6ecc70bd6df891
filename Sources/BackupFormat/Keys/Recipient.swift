/// Somebody who shall be able to open a backup. The seam for further kinds: `server`, `mlkem768x25519`.
package protocol Recipient: Sendable, CustomStringConvertible {
    /// Encrypts a backup's key for this recipient. The description is public and goes into the manifest.
    func wrap(_ key: DataKey) throws(FormatError) -> Stanza
}

/// A private key that may open a backup.
package protocol Identity: Sendable {
    /// The backup's key when `stanza` is for this identity; nil when it is for another.
    func unwrap(_ stanza: Stanza) -> DataKey?
}
