package import FoundationEssentials

/// The runs that were made on a day.
package struct RunDay: Sendable, Equatable {
    /// Its first moment, in UTC.
    package let day: Date
    package var succeeded: Int
    /// Also those that were lost.
    package var failed: Int

    package init(day: Date, succeeded: Int, failed: Int) {
        self.day = day
        self.succeeded = succeeded
        self.failed = failed
    }
}

/// How the stores grew and shrank on a day.
package struct StoredDay: Sendable, Equatable {
    package let day: Date
    package var added: UInt64
    package var removed: UInt64

    package init(day: Date, added: UInt64, removed: UInt64) {
        self.day = day
        self.added = added
        self.removed = removed
    }
}

/// What the backups of a target take.
package struct TargetUsage: Sendable, Equatable {
    package let targetID: TargetRecord.ID
    /// Of the target, or its id where it is gone.
    package let name: String
    package let backups: Int
    package let sizeBytes: UInt64

    package init(targetID: TargetRecord.ID, name: String, backups: Int, sizeBytes: UInt64) {
        self.targetID = targetID
        self.name = name
        self.backups = backups
        self.sizeBytes = sizeBytes
    }
}
