package struct BackupCompleted: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var objectKey = ""
    package var sizeBytes: UInt64 = 0
    /// Lower-case hex, of the stored bytes.
    package var sha256 = ""
    package var durationMilliseconds: UInt64 = 0
    package var keyID = ""
    /// As received.
    package var encryptedKey: [UInt8] = []
    package var compression = ""
    /// `PostgreSQL 16.2`
    package var engineVersion = ""
    /// 0: not encrypted.
    package var formatVersion: UInt32 = 0
    package var dumpSizeBytes: UInt64 = 0
    package var manifest: [UInt8] = []
    package var validated = Validation.stream

    package init() {}
}
