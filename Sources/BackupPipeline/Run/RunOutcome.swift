package import BackupCore
package import BackupFormat

/// A run that went well: the object is stored, and as much of it was read back as was asked for.
package struct RunOutcome: Sendable {
    /// The server's own: `PostgreSQL 16.2`.
    package let engineVersion: String
    /// In bytes.
    package let storedSize: UInt64
    /// Of the stored bytes, lower-case hex.
    package let sha256: String
    /// In bytes, before compression.
    package let dumpSize: UInt64
    /// What is to stand beside the object, and makes it a backup; nil where the run's id is none of a backup.
    package let manifest: Manifest?
    /// What the database held; nil where the engine has no way to tell, or nobody asked.
    package let fingerprint: Result<Fingerprint, any Error>?
    /// What the stages did while the dump ran, in the order in which bytes pass them.
    package let stages: [StageReport]
    /// The stage that the others waited for.
    package let limiting: StageName?
    package let dumpDuration: Duration
    package let readBackDuration: Duration
    /// How much was proven.
    package let validated: RunPlan.ReadBack

    package var duration: Duration { dumpDuration + readBackDuration }

    /// The manifest as it is stored.
    package func manifestBytes() throws -> [UInt8]? { try manifest?.encoded() }
}
