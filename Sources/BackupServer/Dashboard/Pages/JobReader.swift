internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

/// Jobs, and one of them.
struct JobReader: Sendable {
    /// To choose from; whoever has more makes the other jobs through the API.
    private static let mostTargets = 500
    private static let recentRuns = 10
    /// In the pictures.
    private static let history = 90
    private static let nextTimes = 5

    let stores: PageStores

    func list(_ visit: Visit) async throws -> PageRoute.Answer {
        let page = try await stores.lists.listJobs(visit.search())
        return .page(
            JobsPage.html(
                page.rows.map { JobRow($0, now: visit.now) },
                choices: visit.context.mayOperate ? try await choices() : JobChoices(), query: visit.list("/jobs"),
                next: page.nextOffset.map { String($0) }, visit.context))
    }

    private func choices() async throws -> JobChoices {
        var choices = JobChoices()
        let targets = try await stores.lists.listTargets(of: nil, limit: Self.mostTargets + 1)
        choices.hasMoreTargets = targets.count > Self.mostTargets
        choices.targets = targets.prefix(Self.mostTargets).map {
            (id: $0.target.id.string, agentID: $0.target.agentID.string, title: "\($0.target.name) · \($0.agentName)")
        }
        let storages = try await stores.plans.storages(PageRequest(limit: 100)).items
        choices.storages = (storages.filter(\.isDefault) + storages.filter { !$0.isDefault }).map {
            (id: $0.id.string, title: $0.name)
        }
        return choices
    }

    func one(_ visit: Visit) async throws -> PageRoute.Answer {
        let id = try visit.id(JobRecord.self)
        guard let job = try await stores.plans.job(id), let target = try await stores.plans.target(job.targetID),
            let agent = try await stores.agents.agent(job.agentID)
        else { throw APIError.notFound("job \(id)") }
        var filter = RunFilter()
        filter.jobID = id
        let runs = try await stores.runs.runs(filter, PageRequest(limit: Self.history)).items
        let listed = ListedJob(
            job: job, agentName: agent.name, targetName: target.name, engine: target.engine.rawValue,
            lastRun: runs.first)
        var names = Names()
        names.agents[agent.id.string] = agent.name
        names.targets[target.id.string] = target.name
        names.jobs[job.id.string] = job.name
        var model = JobModel(row: JobRow(listed, now: visit.now))
        model.storageName = try await stores.plans.storage(job.storageID)?.name ?? ""
        model.encryption = job.encryption
        model.retention = job.retention
        model.expectedBy = job.isEnabled ? job.expectedBy : nil
        model.nextTimes = try times(job, agent.maintenance, visit.now)
        model.calendar = try await CalendarReader(lists: stores.lists).days(of: id, at: visit.now)
        model.history = runs.reversed().compactMap { HistoryPoint($0) }
        model.runs = runs.prefix(Self.recentRuns).map { RunRow($0, names, now: visit.now) }
        return .page(JobPage.html(model, visit.context))
    }

    private func times(_ job: JobRecord, _ window: MaintenanceWindow?, _ now: Date) throws -> [Date] {
        let planner = try SchedulePlanner(job, window: window)
        var times = job.nextDueAt.map { [$0] } ?? []
        var last = times.first ?? now
        while times.count < Self.nextTimes, let next = planner.due(after: last) {
            times.append(next)
            last = next
        }
        return times
    }
}

extension HistoryPoint {
    /// nil for what says nothing of size and duration.
    fileprivate init?(_ run: RunRecord) {
        switch run.status {
        case .success:
            guard let stored = run.stored else { return nil }
            self.init(at: run.createdAt, sizeBytes: stored.sizeBytes, seconds: stored.duration.inSeconds)
        case .failed, .lost: self.init(at: run.createdAt, sizeBytes: 0, seconds: 0, isSuccess: false)
        case .pending, .dispatched, .running, .uploading, .validating, .cancelled: return nil
        }
    }
}
