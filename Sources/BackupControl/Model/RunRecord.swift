package import BackupCore
package import FoundationEssentials

/// One backup attempt of a job.
package struct RunRecord: Sendable, Equatable {
    /// Moves only forward, and from one of the last four never.
    package enum Status: String, Sendable, Codable, CaseIterable {
        case pending
        /// Sent to the agent.
        case dispatched
        case running
        case uploading
        case validating
        case success
        case failed
        case cancelled
        /// Nobody knows what became of it: its agent forgot it, or its deadline passed.
        case lost

        package var isLive: Bool { rank < 5 }

        private var rank: Int {
            switch self {
            case .pending: 0
            case .dispatched: 1
            case .running: 2
            case .uploading: 3
            case .validating: 4
            case .success, .failed, .cancelled, .lost: 5
            }
        }

        /// Whether a run may go from here to `next`. An agent that begins again after a restart stays where it is.
        package func mayBecome(_ next: Status) -> Bool { isLive && next.rank > rank }
    }

    package enum Trigger: String, Sendable, Codable, CaseIterable {
        case schedule
        case manual
        case retry
    }

    /// What was stored.
    package struct Stored: Sendable, Equatable {
        package var sizeBytes: UInt64
        package var dumpSizeBytes: UInt64?
        /// Lower-case hex, of the stored bytes; empty where an old agent sent none.
        package var sha256: String
        package var duration: Duration
        package var engineVersion: String
        package var validated: ReadBack
        /// JSON as it stands beside the object; nil where there is none.
        package var manifest: String?

        package init(
            sizeBytes: UInt64, dumpSizeBytes: UInt64? = nil, sha256: String, duration: Duration,
            engineVersion: String = "",
            validated: ReadBack = .none, manifest: String? = nil
        ) {
            self.sizeBytes = sizeBytes
            self.dumpSizeBytes = dumpSizeBytes
            self.sha256 = sha256
            self.duration = duration
            self.engineVersion = engineVersion
            self.validated = validated
            self.manifest = manifest
        }
    }

    /// How the object is encrypted.
    package struct Encryption: Sendable, Equatable {
        /// Names the master key; nil where the control plane has no key of it.
        package var keyID: String?
        /// The run's key under the master key, bound to the run's id.
        package var wrappedKey: [UInt8]?
        package var recipients: [String]
        /// 0: not encrypted.
        package var formatVersion: Int

        package init(
            keyID: String? = nil, wrappedKey: [UInt8]? = nil, recipients: [String] = [], formatVersion: Int = 0
        ) {
            self.keyID = keyID
            self.wrappedKey = wrappedKey
            self.recipients = recipients
            self.formatVersion = formatVersion
        }
    }

    package struct Failure: Sendable, Equatable {
        /// As docs/errors.md has it; an agent's may be any text.
        package var code: String
        package var message: String
        package var hint: String

        package init(code: String, message: String, hint: String = "") {
            self.code = code
            self.message = message
            self.hint = hint
        }
    }

    package let id: BackupID
    package let jobID: JobRecord.ID
    package let agentID: AgentRecord.ID
    package let targetID: TargetRecord.ID
    package let storageID: StorageProfile.ID
    package var status: Status
    package let trigger: Trigger
    /// Of the schedule; nil for a run by hand. With the job it is unique: no slot is run twice.
    package let slotAt: Date?
    /// From 1.
    package let attempt: Int
    package let retryOf: BackupID?
    /// It is not sent before.
    package let notBefore: Date
    /// Rises with each claim; what comes with an older one is refused.
    package var fence: Int64
    package var isCancelRequested: Bool
    package var deadlineAt: Date?
    package var objectKey: String
    package var uploadID: String?
    package var encryption: Encryption
    package var compression: Compression
    package var engine: DatabaseEngine
    package var progressPercent: Int
    /// As the wire names it. While bytes stream, it is the stage that the others wait for; empty for nothing said.
    package var step = ""
    package var bytesDone: UInt64
    package var stored: Stored?
    package var failure: Failure?
    package let createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    package var deleteMarkedAt: Date?
    package var deleteReason: String?
    package var deletedAt: Date?

    package init(
        id: BackupID, jobID: JobRecord.ID, agentID: AgentRecord.ID, targetID: TargetRecord.ID,
        storageID: StorageProfile.ID, status: Status = .pending, trigger: Trigger, slotAt: Date? = nil,
        attempt: Int = 1,
        retryOf: BackupID? = nil, notBefore: Date, compression: Compression, engine: DatabaseEngine, createdAt: Date
    ) {
        self.id = id
        self.jobID = jobID
        self.agentID = agentID
        self.targetID = targetID
        self.storageID = storageID
        self.status = status
        self.trigger = trigger
        self.slotAt = slotAt
        self.attempt = attempt
        self.retryOf = retryOf
        self.notBefore = notBefore
        fence = 0
        isCancelRequested = false
        objectKey = ""
        encryption = Encryption()
        self.compression = compression
        self.engine = engine
        progressPercent = 0
        bytesDone = 0
        self.createdAt = createdAt
    }

    /// Whether it is a backup that somebody can restore: only such ones count for retention.
    package var isProven: Bool { status == .success && deletedAt == nil }
}
