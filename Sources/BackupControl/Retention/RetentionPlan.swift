package import BackupCore
package import FoundationEssentials

/// What retention needs to know of a backup that can be restored.
package struct ProvenBackup: Sendable, Equatable {
    /// Why a person's are marked.
    package static let askedFor = "asked for"

    package let id: BackupID
    package let jobID: JobRecord.ID
    /// When it was begun.
    package let at: Date
    package let sizeBytes: UInt64
    /// Whether at least a part of the stored object was read back.
    package let isReadBack: Bool
    /// When it was marked for removal; nil while it is not.
    package var markedAt: Date?
    package var markedWhy: String?

    package init(
        id: BackupID, jobID: JobRecord.ID, at: Date, sizeBytes: UInt64, isReadBack: Bool = true, markedAt: Date? = nil,
        markedWhy: String? = nil
    ) {
        self.id = id
        self.jobID = jobID
        self.at = at
        self.sizeBytes = sizeBytes
        self.isReadBack = isReadBack
        self.markedAt = markedAt
        self.markedWhy = markedWhy
    }

    package var isAskedFor: Bool { markedAt != nil && markedWhy == Self.askedFor }
}

/// Why a backup is kept.
package enum RetentionReason: Sendable, Hashable {
    /// The newest proven one of the target.
    case newest
    /// The newest one that was read back.
    case newestReadBack
    case last
    case days
    case period(RetentionPeriod)
    /// The policy keeps for ever.
    case everything
    /// Its job is gone, and nobody says for how long.
    case jobGone

    package var word: String {
        switch self {
        case .newest: "newest"
        case .newestReadBack: "newest_read_back"
        case .last: "last"
        case .days: "days"
        case .period(let period): period.rawValue
        case .everything: "everything"
        case .jobGone: "job_gone"
        }
    }
}

/// What stays and what goes of a target's backups, newest first.
package struct RetentionPlan: Sendable, Equatable {
    package struct Kept: Sendable, Equatable {
        package let backup: ProvenBackup
        /// At least one.
        package let reasons: [RetentionReason]
    }

    package struct Removed: Sendable, Equatable {
        package let backup: ProvenBackup
        package let why: String
    }

    package let keep: [Kept]
    package let remove: [Removed]
}
