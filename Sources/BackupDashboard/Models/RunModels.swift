package import BackupControl
package import FoundationEssentials

/// One run in a list.
package struct RunRow: Sendable {
    package var id: String
    package var jobID: String
    package var jobName: String
    package var agentID: String
    package var agentName: String
    package var targetName: String
    package var engine: String
    package var status: RunRecord.Status
    package var trigger: RunRecord.Trigger
    package var createdAt: Date
    package var seconds: Double?
    package var sizeBytes: UInt64?
    package var progress: RunMeter?
    /// Why it failed, in one line; empty where it did not.
    package var error: String
    package var isDeleted: Bool

    package init(
        id: String, jobID: String, jobName: String, agentID: String, agentName: String, targetName: String,
        engine: String, status: RunRecord.Status, trigger: RunRecord.Trigger = .schedule, createdAt: Date,
        seconds: Double? = nil, sizeBytes: UInt64? = nil, progress: RunMeter? = nil, error: String = "",
        isDeleted: Bool = false
    ) {
        self.id = id
        self.jobID = jobID
        self.jobName = jobName
        self.agentID = agentID
        self.agentName = agentName
        self.targetName = targetName
        self.engine = engine
        self.status = status
        self.trigger = trigger
        self.createdAt = createdAt
        self.seconds = seconds
        self.sizeBytes = sizeBytes
        self.progress = progress
        self.error = error
        self.isDeleted = isDeleted
    }
}

/// How far a live run, or a restore, is.
package struct RunMeter: Sendable {
    package var percent: Int
    /// `hooks`, `dump`, `compress`, `upload` or `validate`, of a restore its step: while bytes stream, what the rest waits for. Empty
    /// for nothing said yet.
    package var stage: String
    package var bytesDone: UInt64
    package var bytesPerSecond: UInt64?
    package var secondsLeft: Double?

    package init(
        percent: Int, stage: String = "", bytesDone: UInt64 = 0, bytesPerSecond: UInt64? = nil,
        secondsLeft: Double? = nil
    ) {
        self.percent = min(max(0, percent), 100)
        self.stage = stage
        self.bytesDone = bytesDone
        self.bytesPerSecond = bytesPerSecond
        self.secondsLeft = secondsLeft
    }
}

/// Everything about one run.
package struct RunModel: Sendable {
    /// A line of its log, oldest first. The page shows as many as it is given.
    package struct Line: Sendable {
        package var at: Date
        package var level: String
        package var message: String

        package init(at: Date, level: String, message: String) {
            self.at = at
            self.level = level
            self.message = message
        }
    }

    package var row: RunRow
    package var startedAt: Date?
    package var finishedAt: Date?
    package var attempt = 1
    package var failure: RunRecord.Failure?
    package var stored: RunRecord.Stored?
    package var encryption: JobRecord.Encryption = .server
    package var storageName = ""
    package var objectKey = ""
    package var log: [Line] = []
    /// More lines than ``log`` has.
    package var hasMoreLog = false
    /// Databases that it can be restored into: the target of the run first.
    package var destinations: [RestoreDestination] = []

    package init(row: RunRow) { self.row = row }
}

package struct RestoreDestination: Sendable {
    package var targetID: String
    package var targetName: String
    package var database: String
    package var agentName: String
    /// It is where the backup comes from.
    package var isOrigin: Bool

    package init(targetID: String, targetName: String, database: String, agentName: String, isOrigin: Bool = false) {
        self.isOrigin = isOrigin
        self.targetID = targetID
        self.targetName = targetName
        self.database = database
        self.agentName = agentName
    }

    var place: String { "\(targetName) · \(agentName)" }
    /// What a restore that replaces would replace.
    var words: String { database.isEmpty ? place : "\(database) (\(place))" }
}

package struct RestoreRow: Sendable {
    package var id: String
    package var runID: String
    package var targetName: String
    package var agentName: String
    package var status: RestoreRecord.Status
    package var progress: RunMeter?
    package var createdAt: Date
    package var seconds: Double?
    package var error: String
    /// What a failed one left in the database, in the wire's words; nil for nothing said.
    package var targetState: String?
    /// A drill: restored into a scratch server, compared, and thrown away.
    package var isDrill: Bool

    package init(
        id: String, runID: String, targetName: String, agentName: String, status: RestoreRecord.Status,
        progress: RunMeter? = nil, createdAt: Date, seconds: Double? = nil, error: String = "",
        targetState: String? = nil, isDrill: Bool = false
    ) {
        self.id = id
        self.runID = runID
        self.targetName = targetName
        self.agentName = agentName
        self.status = status
        self.progress = progress
        self.createdAt = createdAt
        self.seconds = seconds
        self.error = error
        self.targetState = targetState
        self.isDrill = isDrill
    }
}
