internal import BackupControlStore
internal import BackupCore
internal import BackupFormat
internal import FoundationEssentials

/// A master key that only a KMS can unwrap.
///
/// It is made once, and kept wrapped in the database, which all replicas share: of those that start at once for the first time, each
/// makes one, and the first that stands there is everybody's. Its clear form is in memory only.
struct WrappedMasterKey: Sendable {
    let kms: KMSClient
    let database: ControlDatabase
    let copy: WrappedKeyFile

    /// - Parameter isMade: whether there may be none yet.
    /// - Throws: ``KMSError``.
    func key(isMade: Bool) async throws -> DataKey {
        let keyID = kms.settings.keyID
        let name = "master_key_kms/\(keyID)"
        var standing = try await database.setting(name)
        if standing == nil { standing = try copy.wrapped(by: keyID) }
        guard isMade || standing != nil else { throw KMSError.nothingWrapped(keyID: keyID) }
        let wrapped = if let standing { standing } else { Data(try await kms.generate()).base64EncodedString() }
        let key = try await unwrap(wrapped)
        let kept = try await database.firstSetting(name, wrapped)
        // A database that was lost and made anew, or another installation's: what is only here now must not be forgotten.
        if let own = try copy.wrapped(by: keyID), own != kept {
            throw KMSError.otherWrapped(keyID: keyID, path: copy.path)
        }
        try copy.keep(kept, by: keyID)
        return kept == wrapped ? key : try await unwrap(kept)
    }

    private func unwrap(_ text: String) async throws -> DataKey {
        guard let wrapped = Data(base64Encoded: text), !wrapped.isEmpty else {
            throw KMSError.foreignKey(keyID: kms.settings.keyID)
        }
        return try await kms.decrypt(Array(wrapped))
    }
}
