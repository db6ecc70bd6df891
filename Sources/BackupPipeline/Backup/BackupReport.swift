package import BackupCore
package import BackupFormat

/// A backup that was made, stored and read back.
package struct BackupReport: Sendable {
    package let name: BackupName
    package let manifest: Manifest
    package let readBack: BackupRequest.ReadBack
    /// What the stages did while the dump ran, in the order in which bytes pass them.
    package let stages: [StageReport]
    /// The stage that the others waited for.
    package let limiting: StageName?
    package let dumpDuration: Duration
    package let readBackDuration: Duration
    /// What the database held; nil where the engine has no way to tell.
    package let fingerprint: Result<Fingerprint, any Error>?
}

/// What one stage did.
package struct StageReport: Sendable, Codable {
    package let stage: StageName
    package let bytes: UInt64
    package let busySeconds: Double

    private enum CodingKeys: String, CodingKey {
        case stage, bytes
        case busySeconds = "busy_seconds"
    }

    init(_ meter: StageMeter) {
        stage = meter.name
        bytes = meter.bytesIn
        busySeconds = meter.busy / .seconds(1)
    }
}
