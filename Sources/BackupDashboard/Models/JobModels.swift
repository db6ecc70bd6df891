package import BackupControl
package import FoundationEssentials

package struct JobRow: Sendable {
    package var id: String
    package var name: String
    package var agentID: String
    package var agentName: String
    package var targetName: String
    package var engine: String
    package var cron: String
    package var isEnabled: Bool
    package var nextDueAt: Date?
    package var isLate: Bool
    package var last: RunRow?

    package init(
        id: String, name: String, agentID: String, agentName: String, targetName: String, engine: String,
        cron: String, isEnabled: Bool = true, nextDueAt: Date? = nil, isLate: Bool = false, last: RunRow? = nil
    ) {
        self.id = id
        self.name = name
        self.agentID = agentID
        self.agentName = agentName
        self.targetName = targetName
        self.engine = engine
        self.cron = cron
        self.isEnabled = isEnabled
        self.nextDueAt = nextDueAt
        self.isLate = isLate
        self.last = last
    }
}

package struct JobModel: Sendable {
    package var row: JobRow
    package var storageName = ""
    package var encryption: JobRecord.Encryption = .server
    package var retention = RetentionPolicy()
    package var expectedBy: Date?
    /// The next few, soonest first.
    package var nextTimes: [Date] = []
    package var calendar: [CalendarDay] = []
    package var history: [HistoryPoint] = []
    package var runs: [RunRow] = []

    package init(row: JobRow) { self.row = row }
}

/// What a new job can be made of.
package struct JobChoices: Sendable {
    package var targets: [(id: String, agentID: String, title: String)] = []
    /// There are more than these.
    package var hasMoreTargets = false
    package var storages: [(id: String, title: String)] = []
    package init() {}
}

/// A day of the calendar.
package struct CalendarDay: Sendable {
    /// Any moment of that day in UTC.
    package var date: Date
    package var succeeded: Int
    package var failed: Int
    /// Expected, and not there.
    package var missed: Int

    package init(date: Date, succeeded: Int, failed: Int = 0, missed: Int = 0) {
        self.date = date
        self.succeeded = succeeded
        self.failed = failed
        self.missed = missed
    }
}

/// One run in the pictures of a job, oldest first.
package struct HistoryPoint: Sendable {
    package var at: Date
    package var sizeBytes: UInt64
    package var seconds: Double
    package var isSuccess: Bool

    package init(at: Date, sizeBytes: UInt64, seconds: Double, isSuccess: Bool = true) {
        self.at = at
        self.sizeBytes = sizeBytes
        self.seconds = seconds
        self.isSuccess = isSuccess
    }
}
