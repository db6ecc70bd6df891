internal import BackupCore
internal import Crypto

/// The master key of a control plane, for one run: wraps that run's key for the `server` stanza of its header.
///
/// AES-256 key wrap (RFC 3394) has no associated data, so the run's id goes into the wrapping key: a stanza that was
/// moved to another run's header does not open. The agent has no such key; it writes what it was given
/// (``stanza(keyID:wrapped:)``).
package struct ServerKey: Recipient, Identity, CustomReflectable {
    package static let type = "server"

    /// Names the master key: `dek_kms_id`.
    package let keyID: String
    private let masterKey: DataKey
    private let runID: String

    package init(keyID: String, masterKey: DataKey, runID: String) {
        self.keyID = keyID
        self.masterKey = masterKey
        self.runID = runID
    }

    package var description: String { "\(Self.type) \(keyID)" }
    package var customMirror: Mirror { Mirror(self, children: ["keyID": keyID]) }

    package func wrap(_ key: DataKey) throws(FormatError) -> Stanza {
        guard let wrapped = try? AES.KeyWrap.wrap(key.symmetricKey, using: wrappingKey) else {
            throw .badRecipient(description)
        }
        return try Self.stanza(keyID: keyID, wrapped: Array(wrapped))
    }

    package func unwrap(_ stanza: Stanza) -> DataKey? {
        guard stanza.type == Self.type, stanza.arguments == [keyID],
            let key = try? AES.KeyWrap.unwrap(stanza.body, using: wrappingKey)
        else { return nil }
        return key.withUnsafeBytes { DataKey($0) }
    }

    /// A stanza around a key that somebody else has wrapped.
    /// - Throws: ``FormatError/badRecipient(_:)`` for an id that can't stand in a header: it is one word of printable ASCII.
    package static func stanza(keyID: String, wrapped: [UInt8]) throws(FormatError) -> Stanza {
        guard !keyID.isEmpty, keyID.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !wrapped.isEmpty else {
            throw .badRecipient("\(type) \(keyID)")
        }
        return Stanza(type: type, arguments: [keyID], body: wrapped)
    }

    /// HKDF-SHA-256 (RFC 5869), no salt, info `"backupy/2 server wrap" ‖ run id`.
    private var wrappingKey: SymmetricKey { masterKey.derived(info: "backupy/2 server wrap" + runID) }
}
