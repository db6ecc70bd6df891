package import BackupCore
package import FoundationEssentials

/// A backup that an agent puts into a database.
package struct RestoreRecord: Sendable, Equatable {
    package enum Status: String, Sendable, Codable, CaseIterable {
        case pending
        case dispatched
        case running
        case success
        case failed
        case cancelled
        case lost

        package var isLive: Bool { self == .pending || self == .dispatched || self == .running }
    }

    /// What was asked for.
    package struct Request: Sendable, Equatable, Codable {
        package var targetID: TargetRecord.ID
        /// Another database of the target's server; nil for the target's own.
        package var database: String?
        package var overwrite: Bool
        package var create: Bool
        package var withoutOwners: Bool
        package var withoutPrivileges: Bool
        /// The only one to take from a whole server's backup.
        package var onlyDatabase: String?
        /// Where the agent's host keeps an age identity: `file:PATH` or `env:NAME`.
        package var identityReference: String?

        package init(
            targetID: TargetRecord.ID, database: String? = nil, overwrite: Bool = false, create: Bool = false,
            withoutOwners: Bool = false, withoutPrivileges: Bool = false, onlyDatabase: String? = nil,
            identityReference: String? = nil
        ) {
            self.targetID = targetID
            self.database = database
            self.overwrite = overwrite
            self.create = create
            self.withoutOwners = withoutOwners
            self.withoutPrivileges = withoutPrivileges
            self.onlyDatabase = onlyDatabase
            self.identityReference = identityReference
        }
    }

    package let id: BackupID
    package let runID: BackupID
    package let agentID: AgentRecord.ID
    package var status: Status
    package let request: Request
    package var fence: Int64 = 0
    package var isCancelRequested = false
    package var progressPercent = 0
    package var step = ""
    package var bytesDone: UInt64 = 0
    /// What a failed one left: `unchanged`, `created_empty`, `partial`, `complete` or `unknown`.
    package var targetState: String?
    package var failure: RunRecord.Failure?
    package let createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?

    package init(
        id: BackupID, runID: BackupID, agentID: AgentRecord.ID, status: Status = .pending, request: Request,
        createdAt: Date
    ) {
        self.id = id
        self.runID = runID
        self.agentID = agentID
        self.status = status
        self.request = request
        self.createdAt = createdAt
    }
}
