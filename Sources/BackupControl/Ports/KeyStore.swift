package import BackupCore

/// All that stands under the master key, to be put under another one. Each change is made only where nobody else has made one.
package protocol KeyStore: Sendable {
    /// Keys of runs under other master keys than `keyID`, in the order of the runs.
    func runKeys(notUnder keyID: String, after: BackupID?, limit: Int) async throws -> [WrappedKey]
    func replace(_ old: WrappedKey, by new: WrappedKey) async throws
    /// Secrets of one kind, in the order of their ids.
    func sealedSecrets(_ kind: SealedSecret.Kind, after: String?, limit: Int) async throws -> [SealedSecret]
    func replace(_ old: SealedSecret, by sealed: [UInt8]) async throws
}

/// A run's key under a master key.
package struct WrappedKey: Sendable, Equatable {
    package let runID: BackupID
    package let keyID: String
    package let wrapped: [UInt8]

    package init(runID: BackupID, keyID: String, wrapped: [UInt8]) {
        self.runID = runID
        self.keyID = keyID
        self.wrapped = wrapped
    }
}

/// A secret that is given back in clear to somebody (``SealedText``).
package struct SealedSecret: Sendable, Equatable {
    package enum Kind: Sendable, CaseIterable {
        case targets
        case storage
        case channels
        case secondFactors
    }

    package let kind: Kind
    package let id: String
    package let sealed: [UInt8]

    package init(kind: Kind, id: String, sealed: [UInt8]) {
        self.kind = kind
        self.id = id
        self.sealed = sealed
    }
}
