package import BackupCore
package import FoundationEssentials

/// Runs and restores: made once for a slot, claimed by one replica, ended once.
///
/// Whoever works on a run has a ``RunClaim``. A claim lasts for its lease; a later one makes it stale, and every change under a stale
/// claim is refused, so that two replicas, a late report or a doubled agent never make two live runs or move a finished one.
package protocol RunStore: Sendable {
    // MARK: Making

    /// The jobs that are due at `time`, each with its new run, in one write: the job moves on as the run is made. A job whose last run is
    /// still live gets none for this slot (it is told in ``ScheduledSlot/skipped``), and one that is paused gets it later.
    /// - Parameter decide: what becomes of a job, with its agent's maintenance window.
    func makeDueRuns(
        at time: Date, limit: Int, id: @escaping @Sendable (JobRecord) -> BackupID,
        decide: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> SlotDecision
    ) async throws -> [ScheduledSlot]
    /// A run by hand, or again.
    /// - Throws: ``ControlError/conflict(_:)`` while one of the job is live, or where `answer` is no longer the caller's to give.
    func addRun(_ run: RunRecord, answering answer: KeptAnswer?) async throws

    // MARK: Reading

    func run(_ id: BackupID) async throws -> RunRecord?
    /// Newest first.
    func runs(_ filter: RunFilter, _ page: PageRequest) async throws -> Page<RunRecord>
    /// The first ``RunLogLine/most`` lines of a run are kept, and of these no more than ``RunLogLine/mostBytes``; then one that says so.
    func appendLogs(_ lines: [RunLogLine], to run: BackupID) async throws
    func logs(of run: BackupID, _ page: PageRequest) async throws -> Page<RunLogLine>
    /// Takes away the lines of runs that were made before, in small pieces.
    func pruneLogs(before time: Date) async throws

    // MARK: Working

    /// Pending runs of agents that are connected to `replica`, whose time has come, and as many for each agent as it may have at once.
    func claimPending(replica: String, until lease: Date, at time: Date, limit: Int) async throws -> [RunClaim]
    /// Where it will be stored, and under which key: written before the agent hears of it.
    /// - Parameter session: over which the agent will hear of it. A later one finds the run dispatched, and sends it.
    /// - Returns: false where the claim is stale, the run no longer pending, or the session no longer the agent's newest.
    func dispatch(_ claim: RunClaim, _ order: RunOrder, over session: Int64) async throws -> Bool
    /// Puts a claimed run back; it is pending as before.
    func release(_ claim: RunClaim, notBefore: Date) async throws
    /// What an agent reports on the way. Never backwards, never for one that has ended.
    func advance(_ id: BackupID, agent: AgentRecord.ID, _ progress: RunProgress) async throws -> RunRecord?
    /// Ends a run. Idempotent: the second end changes nothing.
    /// - Parameter expectedBy: asked after the first success: when the job's next proven backup is due at the latest. It is written with
    ///   the end, and the job is no longer late. Nil: that stays as it is.
    /// - Returns: the run as it is now, and whether this call ended it; nil where the agent has no such run.
    func finish(
        _ id: BackupID, agent: AgentRecord.ID?, _ ending: RunEnding, at time: Date,
        expectedBy: (@Sendable (JobRecord, MaintenanceWindow?) -> Date?)?
    ) async throws -> (run: RunRecord, isFirst: Bool)?
    func requestCancel(_ id: BackupID) async throws -> RunRecord?
    /// All live runs of an agent, to compare with what it says that it does.
    func liveRuns(of agent: AgentRecord.ID) async throws -> [RunRecord]
    /// Live runs whose deadline has passed.
    func overdueRuns(at time: Date, limit: Int) async throws -> [RunRecord]

    // MARK: Deleting

    /// The proven backups of a target, newest first, all of them.
    func provenRuns(of target: TargetRecord.ID) async throws -> [RunRecord]
    /// One that is marked for another reason is marked anew; for the same, it stays as it is.
    func markForDeletion(_ ids: [BackupID], reason: String, at time: Date) async throws
    func unmark(_ ids: [BackupID]) async throws
    func runsMarked(before time: Date, limit: Int) async throws -> [RunRecord]
    /// It is gone, with its bytes.
    func setDeleted(_ id: BackupID, at time: Date) async throws
    /// Runs that ended without success before `triedBefore`, of which something may still be in a store. They are noted as tried, so that
    /// nobody else has them, and those that fail don't stand before all others.
    func claimLeftovers(at time: Date, triedBefore: Date, limit: Int) async throws -> [RunRecord]
    /// Nothing is left of a run without success.
    func setCleared(_ id: BackupID, at time: Date) async throws

    // MARK: Restores

    /// - Throws: ``ControlError/conflict(_:)`` where `answer` is no longer the caller's to give.
    func addRestore(_ restore: RestoreRecord, sealedSecret: [UInt8]?, answering answer: KeptAnswer?) async throws
    func restore(_ id: BackupID) async throws -> RestoreRecord?
    func restores(_ page: PageRequest) async throws -> Page<RestoreRecord>
    func claimPendingRestores(
        replica: String, until lease: Date, at time: Date, limit: Int
    ) async throws -> [RestoreRecord]
    /// - Returns: false where it has ended already, or another claim has come in between.
    func updateRestore(_ restore: RestoreRecord, at time: Date) async throws -> Bool
    /// The same, with the session over which the agent will hear of it.
    /// - Returns: false also where that is no longer the agent's newest.
    func dispatchRestore(_ restore: RestoreRecord, over session: Int64, at time: Date) async throws -> Bool
    /// - Returns: nil where it has ended.
    func requestRestoreCancel(_ id: BackupID) async throws -> RestoreRecord?
    func liveRestores(of agent: AgentRecord.ID) async throws -> [RestoreRecord]
    /// Live restores that were begun before, or made before and never begun.
    func overdueRestores(begunBefore time: Date, limit: Int) async throws -> [RestoreRecord]
    /// Live runs and restores of the agents that are connected to `replica` whose cancellation was asked for.
    func cancelRequests(replica: String, limit: Int) async throws -> [ReplicaWord]
}

extension RunStore {
    /// The same, where nothing is paused.
    /// - Parameter next: when a job is due again; nil for never.
    package func makeDueRuns(
        at time: Date, limit: Int, id: @escaping @Sendable (JobRecord) -> BackupID,
        next: @escaping @Sendable (JobRecord) -> Date?
    ) async throws -> [ScheduledSlot] {
        try await makeDueRuns(at: time, limit: limit, id: id) { job, _ in .run(next: next(job)) }
    }

    /// The same, where no request waits for it.
    package func addRun(_ run: RunRecord) async throws { try await addRun(run, answering: nil) }
    package func addRestore(_ restore: RestoreRecord, sealedSecret: [UInt8]?) async throws {
        try await addRestore(restore, sealedSecret: sealedSecret, answering: nil)
    }

    /// The same, where nobody expects the next one.
    package func finish(
        _ id: BackupID, agent: AgentRecord.ID?, _ ending: RunEnding, at time: Date
    ) async throws -> (run: RunRecord, isFirst: Bool)? {
        try await finish(id, agent: agent, ending, at: time, expectedBy: nil)
    }
}

package struct ScheduledSlot: Sendable {
    package enum Outcome: Sendable {
        case made(RunRecord)
        /// The job's last run is still live.
        case skipped
    }

    package let job: JobRecord
    package let slotAt: Date
    package let outcome: Outcome

    package init(job: JobRecord, slotAt: Date, outcome: Outcome) {
        self.job = job
        self.slotAt = slotAt
        self.outcome = outcome
    }
}

package struct RunFilter: Sendable {
    package var agentID: AgentRecord.ID?
    package var targetID: TargetRecord.ID?
    package var jobID: JobRecord.ID?
    package var status: RunRecord.Status?
    /// Made at or after.
    package var from: Date?
    /// Made before.
    package var to: Date?
    package init() {}
}

/// The right to prepare one run.
package struct RunClaim: Sendable {
    package let run: RunRecord
    package let job: JobRecord
    package let target: TargetRecord
    package let fence: Int64

    package init(run: RunRecord, job: JobRecord, target: TargetRecord, fence: Int64) {
        self.run = run
        self.job = job
        self.target = target
        self.fence = fence
    }
}

/// What a run was sent with.
package struct RunOrder: Sendable {
    package var objectKey: String
    package var uploadID: String?
    package var encryption: RunRecord.Encryption
    package var deadlineAt: Date
    package var at: Date

    package init(
        objectKey: String, uploadID: String?, encryption: RunRecord.Encryption, deadlineAt: Date, at: Date
    ) {
        self.objectKey = objectKey
        self.uploadID = uploadID
        self.encryption = encryption
        self.deadlineAt = deadlineAt
        self.at = at
    }
}

package struct RunProgress: Sendable {
    package var status: RunRecord.Status
    package var percent: Int
    /// As the wire names it.
    package var step: String
    package var bytesDone: UInt64
    package var at: Date

    package init(status: RunRecord.Status, percent: Int, step: String = "", bytesDone: UInt64, at: Date) {
        self.status = status
        self.percent = percent
        self.step = step
        self.bytesDone = bytesDone
        self.at = at
    }
}

package enum RunEnding: Sendable {
    case success(RunRecord.Stored)
    case failed(RunRecord.Failure)
    case cancelled
    case lost(RunRecord.Failure)
}

package struct RunLogLine: Sendable, Equatable {
    /// Of one run. A hook that prints without end must not fill the disk.
    package static let most = 10_000
    /// Of the texts of one run's lines: of ten thousand of the usual length. Lines may be ten times as long as those.
    package static let mostBytes = 4 << 20
    /// Since its run was made.
    package static let keptFor = Duration.seconds(90 * 86_400)

    package let at: Date
    package let level: String
    package let message: String
    package let fields: [String: String]

    package init(at: Date, level: String, message: String, fields: [String: String]) {
        self.at = at
        self.level = level
        self.message = message
        self.fields = fields
    }
}
