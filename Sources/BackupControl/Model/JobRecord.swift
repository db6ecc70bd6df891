package import BackupCore
package import FoundationEssentials

/// A target, when it is backed up, how, where to, and how long what is made is kept.
package struct JobRecord: Sendable, Equatable {
    package typealias ID = Identifier<JobRecord>

    /// Who can read the backups. Only this turns encryption off, never the absence of a key.
    package enum Encryption: String, Sendable, Codable, CaseIterable {
        /// A fresh key for each run, wrapped by the control plane's master key.
        case server
        /// Only the holders of ``JobRecord/recipients``: the control plane can't.
        case recipients
        case none
    }

    package let id: ID
    package let agentID: AgentRecord.ID
    package let targetID: TargetRecord.ID
    package var storageID: StorageProfile.ID
    package var name: String
    package var isEnabled: Bool
    /// Five fields in UTC, or `@daily` and the like; empty: only by hand.
    package var cron: String
    /// A run begins up to so much after its slot, by a hash of the job's id, always the same.
    package var jitter: Duration
    /// When the next run is due; nil for none.
    package var nextDueAt: Date?
    /// When the next proven backup is due at the latest.
    package var expectedBy: Date?
    /// When it was told that it is late; nil while it is not.
    package var lateAlertedAt: Date?
    package var compression: Compression
    package var encryption: Encryption
    package var recipients: [String]
    package var retention: RetentionPolicy
    package var preHooks: [String]
    package var postHooks: [String]
    package var retry: Job.Retry
    package var timeout: Duration
    /// How much later than its time limit a backup may come before it is late.
    package var grace: Duration
    package var validation: ReadBack
    package let createdAt: Date

    package init(
        id: ID, agentID: AgentRecord.ID, targetID: TargetRecord.ID, storageID: StorageProfile.ID, name: String,
        isEnabled: Bool = true, cron: String = "", jitter: Duration = .zero, nextDueAt: Date? = nil,
        expectedBy: Date? = nil, lateAlertedAt: Date? = nil, compression: Compression = .zstd,
        encryption: Encryption = .server, recipients: [String] = [], retention: RetentionPolicy = RetentionPolicy(),
        preHooks: [String] = [], postHooks: [String] = [],
        retry: Job.Retry = Job.Retry(maxAttempts: 3, backoffSeconds: [60, 300]),
        timeout: Duration = .seconds(6 * 3600), grace: Duration = .seconds(3600), validation: ReadBack = .full,
        createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.targetID = targetID
        self.storageID = storageID
        self.name = name
        self.isEnabled = isEnabled
        self.cron = cron
        self.jitter = jitter
        self.nextDueAt = nextDueAt
        self.expectedBy = expectedBy
        self.lateAlertedAt = lateAlertedAt
        self.compression = compression
        self.encryption = encryption
        self.recipients = recipients
        self.retention = retention
        self.preHooks = preHooks
        self.postHooks = postHooks
        self.retry = retry
        self.timeout = timeout
        self.grace = grace
        self.validation = validation
        self.createdAt = createdAt
    }
}

/// How far a stored object is read back before its run is a success.
package enum ReadBack: String, Sendable, Codable, CaseIterable {
    /// Not at all: an old agent's upload, of which only the size was compared.
    case none
    /// The stream was checked as it went out.
    case stream
    case firstFrame = "first_frame"
    case full
}
