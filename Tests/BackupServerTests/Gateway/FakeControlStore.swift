import BackupControl
import BackupControlStore
import BackupCore
import FoundationEssentials

/// The ports of the control plane in memory, as strict as the tables are.
actor FakeControlStore: AgentStore, PlanStore, RunStore, QuestionStore {
    private var agents: [AgentRecord.ID: (record: AgentRecord, hash: [UInt8])] = [:]
    private var discoveries: [AgentRecord.ID: String] = [:]
    private var sightings: [AgentRecord.ID: AgentSighting] = [:]
    private var targets: [TargetRecord.ID: TargetRecord] = [:]
    private var jobs: [JobRecord.ID: JobRecord] = [:]
    private var profiles: [StorageProfile.ID: StorageProfile] = [:]
    private var runs: [BackupID: RunRecord] = [:]
    private var leases: [BackupID: Date] = [:]
    private var lines: [BackupID: [RunLogLine]] = [:]
    private var restores: [BackupID: RestoreRecord] = [:]
    private var failures = 0
    private(set) var sightingWrites = 0
    private(set) var releases = 0
    private var isStorageUnreachable = false
    private(set) var ends: [BackupID: Int] = [:]

    /// The next calls fail, as when the database is gone.
    func failNext(_ count: Int) { failures = count }
    private func fail() throws {
        guard failures > 0 else { return }
        failures -= 1
        throw ControlError.precondition("the database is gone")
    }

    /// As when the database can be reached for this and that, and not for the profile of a store.
    func setStorageUnreachable(_ isSo: Bool) { isStorageUnreachable = isSo }

    // MARK: QuestionStore

    /// There is one replica.
    func addQuestion(_ question: AgentQuestion) {}
    func question(_ id: AgentQuestion.ID) -> AgentQuestion? { nil }
    func answerQuestion(_ id: AgentQuestion.ID, _ answer: String) {}
    func deleteQuestion(_ id: AgentQuestion.ID) {}
    func wishLook(at check: HealthCheckRecord.ID, by agent: AgentRecord.ID) {}

    // MARK: AgentStore

    func addAgent(_ agent: AgentRecord, keyHash: [UInt8]) { agents[agent.id] = (agent, keyHash) }
    func agent(_ id: AgentRecord.ID) -> AgentRecord? { agents[id]?.record }
    func agents(_ page: PageRequest) -> Page<AgentRecord> { Page(items: agents.values.map(\.record), nextCursor: nil) }
    func agent(keyHash: [UInt8]) throws -> AgentRecord? {
        try fail()
        return agents.values.first { $0.hash == keyHash }?.record
    }
    func updateAgent(_ agent: AgentRecord) {
        agents[agent.id]?.record = agent
        agents[agent.id]?.record.configVersion += 1
    }
    func setAgentKey(_ id: AgentRecord.ID, keyHash: [UInt8]) { agents[id]?.hash = keyHash }
    func deleteAgent(_ id: AgentRecord.ID) { agents[id] = nil }
    func agentPlan(_ id: AgentRecord.ID) -> AgentPlan? {
        agents[id].map { agent in
            AgentPlan(
                agent: agent.record, targets: targets.values.filter { $0.agentID == id },
                jobs: jobs.values.filter { $0.agentID == id }, healthChecks: [])
        }
    }
    func beginSession(
        _ id: AgentRecord.ID, replica: String, registration: AgentRecord.Registration, at time: Date
    ) throws -> AgentRecord? {
        try fail()
        for run in runs.values where run.agentID == id { leases[run.id] = nil }
        agents[id]?.record.registration = registration
        let number = (agents[id]?.record.session.number ?? 0) + 1
        agents[id]?.record.session = .init(number: number, replica: replica, connectedAt: time, lastSeenAt: time)
        return agents[id]?.record
    }
    func endSession(_ id: AgentRecord.ID, number: Int64) {
        if agents[id]?.record.session.number == number { agents[id]?.record.session.replica = nil }
    }
    func endSessions(ofReplica replica: String) {
        for id in agents.keys where agents[id]?.record.session.replica == replica {
            agents[id]?.record.session.replica = nil
        }
    }
    func recordSightings(_ seen: [AgentSighting]) {
        sightingWrites += 1
        for sighting in seen {
            sightings[sighting.agentID] = sighting
            agents[sighting.agentID]?.record.session.lastSeenAt = sighting.at
            agents[sighting.agentID]?.record.appliedVersion = sighting.appliedVersion
        }
    }
    func setDiscovered(_ id: AgentRecord.ID, _ containers: [FoundContainer]) throws {
        try fail()
        discoveries[id] = String(decoding: try JSONEncoder().encode(containers), as: UTF8.self)
    }
    func discovered(_ id: AgentRecord.ID) -> String? { discoveries[id] }
    func metrics(_ id: AgentRecord.ID) -> String? { sightings[id]?.metrics }

    // MARK: PlanStore

    func addTarget(_ target: TargetRecord) { targets[target.id] = target }
    func addTarget(_ target: TargetRecord, with job: JobRecord) {
        targets[target.id] = target
        jobs[job.id] = job
    }
    func target(_ id: TargetRecord.ID) -> TargetRecord? { targets[id] }
    func targets(of agent: AgentRecord.ID, _ page: PageRequest) -> Page<TargetRecord> {
        Page(items: targets.values.filter { $0.agentID == agent }, nextCursor: nil)
    }
    func updateTarget(_ target: TargetRecord) { targets[target.id] = target }
    func deleteTarget(_ id: TargetRecord.ID) { targets[id] = nil }
    func addJob(_ job: JobRecord) { jobs[job.id] = job }
    func job(_ id: JobRecord.ID) -> JobRecord? { jobs[id] }
    func jobs(of agent: AgentRecord.ID?, _ page: PageRequest) -> Page<JobRecord> {
        Page(items: jobs.values.filter { agent == nil || $0.agentID == agent }, nextCursor: nil)
    }
    func updateJob(_ job: JobRecord) { jobs[job.id] = job }
    func deleteJob(_ id: JobRecord.ID) { jobs[id] = nil }
    func addStorage(_ profile: StorageProfile) { profiles[profile.id] = profile }
    func storage(_ id: StorageProfile.ID) throws -> StorageProfile? {
        if isStorageUnreachable { throw ControlStoreError.unreachable("db", reason: "it is gone") }
        return profiles[id]
    }
    func defaultStorage() -> StorageProfile? { profiles.values.first { $0.isDefault } }
    func storages(_ page: PageRequest) -> Page<StorageProfile> { Page(items: Array(profiles.values), nextCursor: nil) }
    func updateStorage(_ profile: StorageProfile) { profiles[profile.id] = profile }
    func deleteStorage(_ id: StorageProfile.ID) { profiles[id] = nil }
    func storageUsage() -> [StorageUsage] { [] }

    // MARK: RunStore

    func makeDueRuns(
        at time: Date, limit: Int, id: @Sendable (JobRecord) -> BackupID,
        decide: @Sendable (JobRecord, MaintenanceWindow?) -> SlotDecision
    ) -> [ScheduledSlot] { [] }
    func addRun(_ run: RunRecord, answering answer: KeptAnswer?) throws {
        guard !runs.values.contains(where: { $0.jobID == run.jobID && $0.status.isLive }) else {
            throw ControlError.conflict("a run of the job is live")
        }
        runs[run.id] = run
    }
    func run(_ id: BackupID) -> RunRecord? { runs[id] }
    func runs(_ filter: RunFilter, _ page: PageRequest) -> Page<RunRecord> {
        Page(items: Array(runs.values), nextCursor: nil)
    }
    func appendLogs(_ new: [RunLogLine], to run: BackupID) { lines[run, default: []] += new }
    func logs(of run: BackupID, _ page: PageRequest) -> Page<RunLogLine> {
        Page(items: lines[run] ?? [], nextCursor: nil)
    }
    func pruneLogs(before time: Date) {}
    func claimPending(replica: String, until lease: Date, at time: Date, limit: Int) -> [RunClaim] {
        let free = runs.values.filter {
            $0.status == .pending && $0.notBefore <= time && leases[$0.id, default: .distantPast] < time
                && agents[$0.agentID]?.record.session.replica == replica
        }
        return free.prefix(limit).compactMap { run in
            guard let job = jobs[run.jobID], let target = targets[run.targetID] else { return nil }
            runs[run.id]?.fence += 1
            leases[run.id] = lease
            return RunClaim(run: runs[run.id] ?? run, job: job, target: target, fence: run.fence + 1)
        }
    }
    func dispatch(_ claim: RunClaim, _ order: RunOrder, over session: Int64) -> Bool {
        guard var run = runs[claim.run.id], run.fence == claim.fence, run.status == .pending,
            agents[run.agentID]?.record.session.number == session
        else { return false }
        run.status = .dispatched
        run.objectKey = order.objectKey
        run.uploadID = order.uploadID
        run.encryption = order.encryption
        run.deadlineAt = order.deadlineAt
        runs[run.id] = run
        return true
    }
    func release(_ claim: RunClaim, notBefore: Date) {
        // The fake keeps the time of the run: only the claim waits.
        if runs[claim.run.id]?.fence == claim.fence { leases[claim.run.id] = notBefore }
        releases += 1
    }
    func advance(_ id: BackupID, agent: AgentRecord.ID, _ progress: RunProgress) -> RunRecord? {
        guard var run = runs[id], run.agentID == agent else { return nil }
        guard run.status.isLive, run.status != .pending else { return run }
        if run.status.mayBecome(progress.status) { run.status = progress.status }
        run.progressPercent = progress.percent
        run.bytesDone = progress.bytesDone
        run.startedAt = run.startedAt ?? progress.at
        runs[id] = run
        return run
    }
    func finish(
        _ id: BackupID, agent: AgentRecord.ID?, _ ending: RunEnding, at time: Date,
        expectedBy: (@Sendable (JobRecord, MaintenanceWindow?) -> Date?)?
    ) throws -> (run: RunRecord, isFirst: Bool)? {
        try fail()
        guard var run = runs[id], agent == nil || run.agentID == agent else { return nil }
        guard run.status.isLive else { return (run, false) }
        switch ending {
        case .success(let stored):
            run.status = .success
            run.stored = stored
        case .failed(let failure):
            run.status = .failed
            run.failure = failure
        case .cancelled: run.status = .cancelled
        case .lost(let failure):
            run.status = .lost
            run.failure = failure
        }
        run.finishedAt = time
        runs[id] = run
        ends[id, default: 0] += 1
        return (run, true)
    }
    func requestCancel(_ id: BackupID) -> RunRecord? {
        runs[id]?.isCancelRequested = true
        return runs[id]
    }
    func setDeadline(_ id: BackupID, _ time: Date) { runs[id]?.deadlineAt = time }
    func liveRuns(of agent: AgentRecord.ID) -> [RunRecord] {
        runs.values.filter { $0.agentID == agent && $0.status.isLive }
    }
    func overdueRuns(at time: Date, limit: Int) -> [RunRecord] {
        runs.values.filter { $0.status.isLive && $0.deadlineAt ?? .distantFuture < time }
    }
    func provenRuns(of target: TargetRecord.ID) -> [RunRecord] { [] }
    func markForDeletion(_ ids: [BackupID], reason: String, at time: Date) {}
    func unmark(_ ids: [BackupID]) {}
    func runsMarked(before time: Date, limit: Int) -> [RunRecord] { [] }
    func setDeleted(_ id: BackupID, at time: Date) {}
    func claimLeftovers(at time: Date, triedBefore: Date, limit: Int) -> [RunRecord] { [] }
    func setCleared(_ id: BackupID, at time: Date) {}

    func addRestore(_ restore: RestoreRecord, sealedSecret: [UInt8]?, answering answer: KeptAnswer?) {
        restores[restore.id] = restore
    }
    func restore(_ id: BackupID) -> RestoreRecord? { restores[id] }
    func restores(_ page: PageRequest) -> Page<RestoreRecord> { Page(items: Array(restores.values), nextCursor: nil) }
    func claimPendingRestores(replica: String, until lease: Date, at time: Date, limit: Int) -> [RestoreRecord] {
        restores.values.filter {
            $0.status == .pending && agents[$0.agentID]?.record.session.replica == replica
        }
    }
    func requestRestoreCancel(_ id: BackupID) -> RestoreRecord? {
        guard restores[id]?.status.isLive == true else { return nil }
        restores[id]?.isCancelRequested = true
        return restores[id]
    }
    func updateRestore(_ restore: RestoreRecord, at time: Date) -> Bool {
        guard restores[restore.id]?.status.isLive == true else { return false }
        restores[restore.id] = restore
        return true
    }
    func dispatchRestore(_ restore: RestoreRecord, over session: Int64, at time: Date) -> Bool {
        agents[restore.agentID]?.record.session.number == session && updateRestore(restore, at: time)
    }
    func overdueRestores(begunBefore time: Date, limit: Int) -> [RestoreRecord] {
        restores.values.filter { $0.status.isLive && ($0.startedAt ?? $0.createdAt) < time }
    }
    func cancelRequests(replica: String, limit: Int) -> [ReplicaWord] {
        runs.values.filter { $0.status.isLive && $0.isCancelRequested }.map { .cancel($0.id) }
    }
    func liveRestores(of agent: AgentRecord.ID) -> [RestoreRecord] {
        restores.values.filter { $0.agentID == agent && $0.status.isLive }
    }
}
