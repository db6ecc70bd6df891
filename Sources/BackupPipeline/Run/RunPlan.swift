package import BackupCore
package import BackupFormat

/// One run, settled before the first byte of a dump: where it goes, who can open it, how much is proven afterwards.
package struct RunPlan: Sendable {
    package enum Encryption: Sendable {
        /// The compressed dump as it is. Only this turns encryption off, never the lack of a key.
        case off
        /// Format v1.
        case v1(DataKey)
        /// Format v2, with the key as the control plane wrapped it in the header.
        case v2(DataKey, server: Stanza)
        /// Format v2 with a key of its own, for the holders of these; at least one.
        case recipients([any Recipient])
    }

    /// How much of what was stored is read again before the run counts.
    package enum ReadBack: Sendable, Hashable {
        case none
        /// The size, and the beginning: its header and first frame are opened.
        case firstFrame
        /// The size, and 64 KiB at both ends.
        case ends
        /// Everything: fetched, decrypted, decompressed, and compared with what went in.
        case all
    }

    package var objectKey: ObjectKey
    package var runID: String
    package var jobID: String?
    package var encryption: Encryption
    package var compression = Compression.zstd
    /// The compressor's level; nil for its default.
    package var level: Int?
    package var readBack = ReadBack.all
    /// Whether to count what the database holds.
    package var takesFingerprint = true

    package init(objectKey: ObjectKey, runID: String, encryption: Encryption) {
        self.objectKey = objectKey
        self.runID = runID
        self.encryption = encryption
    }
}
