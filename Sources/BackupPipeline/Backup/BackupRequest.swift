package import BackupCore
package import BackupFormat

/// One backup to be made.
package struct BackupRequest: Sendable {
    /// Who can open the backup.
    package enum Encryption: Sendable {
        /// Format v2, for the holders of these keys; at least one.
        case recipients([any Recipient])
        /// The compressed dump as it is, readable by whoever can read the store.
        case off
    }

    /// How much of what was stored is read again before the backup counts.
    package enum ReadBack: String, Sendable, CaseIterable {
        /// Everything: fetched, decrypted, decompressed, and compared with what went in.
        case all
        /// The size, and 64 KiB at both ends.
        case ends
    }

    package var encryption: Encryption
    package var compression = Compression.zstd
    /// The compressor's level; nil for its default.
    package var level: Int?
    package var readBack = ReadBack.all
    /// Whether to count what the database holds.
    package var fingerprint = true
    /// The version of Backupy, for the manifest.
    package var toolVersion: String

    package init(encryption: Encryption, toolVersion: String) {
        self.encryption = encryption
        self.toolVersion = toolVersion
    }
}
