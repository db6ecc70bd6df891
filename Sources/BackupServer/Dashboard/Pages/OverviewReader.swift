internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// The first page.
struct OverviewReader: Sendable {
    private static let recent = 8
    private static let lost = 20
    /// How old its numbers may be.
    private static let oldestCounts = Duration.seconds(5)

    private let stores: PageStores
    private let counts: Remembered<Overview>
    private let discoveries: DiscoveryReader
    private let calendar: Remembered<[CalendarDay]>
    private let stored: Remembered<[StorageUsage]>
    private let found: Remembered<[DiscoveredRow]>

    init(_ stores: PageStores, now: @escaping @Sendable () -> Date) {
        self.stores = stores
        discoveries = DiscoveryReader(stores: stores)
        counts = Remembered(longest: Self.oldestCounts) { try await stores.overview.overview(at: now()) }
        calendar = Remembered { try await CalendarReader(lists: stores.lists).days(of: nil, at: now()) }
        stored = Remembered { try await stores.plans.storageUsage() }
        found = Remembered { [discoveries] in try await discoveries.rows().filter { $0.jobID == nil } }
    }

    func answer(_ visit: Visit) async throws -> PageRoute.Answer {
        .page(OverviewPage.html(try await model(visit), visit.context))
    }

    private func model(_ visit: Visit) async throws -> OverviewModel {
        var model = OverviewModel()
        let overview = try await counts.value()
        let live = try await stores.lists.liveRuns(limit: 20)
        let recent = try await stores.runs.runs(RunFilter(), PageRequest(limit: Self.recent)).items
        let names = try await names(live + recent, overview.late)
        let stored = try await stored.value()
        let proven = try await stores.lists.provenTimes(of: Set(overview.late.map(\.targetID)))
        model.protected = overview.protectedTargets
        model.databases = overview.databases
        model.lateJobs = overview.lateJobs
        model.late = overview.late.map { late in
            OverviewModel.Late(
                jobID: late.jobID.string, jobName: late.name, agentName: names.of(agent: late.agentID),
                expectedBy: late.expectedBy, lastProvenAt: proven[late.targetID])
        }
        model.agentsConnected = overview.connectedAgents
        model.agents = overview.agents
        model.lostAgents = try await stores.lists.lostAgents(limit: Self.lost).map { AgentRow($0) }
        model.succeededToday = overview.runs.succeeded
        model.failedToday = overview.runs.failed
        model.storedToday = overview.runs.storedBytes
        model.storedTotal = stored.reduce(0) { $0 + $1.sizeBytes }
        model.live = live.map { RunRow($0, names, now: visit.now) }
        model.recent = recent.filter { !$0.status.isLive }.map { RunRow($0, names, now: visit.now) }
        model.next = try await next(visit)
        model.calendar = try await calendar.value()
        if visit.text("start") != "done", stored.reduce(0, { $0 + $1.backups }) < 2 {
            model.start = try await firstRun(overview, recent, names, visit)
        }
        return model
    }

    private func names(_ runs: [RunRecord], _ late: [Overview.LateJob]) async throws -> Names {
        var wish = NameWish(runs)
        wish.agents.formUnion(late.map(\.agentID.string))
        return try await stores.lists.names(wish)
    }

    private func next(_ visit: Visit) async throws -> [JobRow] {
        try await stores.lists.listJobs(ListSearch(sort: "next", limit: Self.recent)).rows
            .filter { $0.job.isEnabled && $0.job.nextDueAt != nil }.map { JobRow($0, now: visit.now) }
    }

    /// How far somebody is who has just begun. It is over an hour after the first backup, with the second one, and for whoever has
    /// several agents.
    private func firstRun(
        _ overview: Overview, _ recent: [RunRecord], _ names: Names, _ visit: Visit
    ) async throws -> FirstRun? {
        guard overview.agents > 0 else { return recent.isEmpty ? .addAgent : nil }
        guard overview.agents == 1 else { return nil }
        if let run = recent.first(where: \.isProven) ?? recent.first {
            guard run.isProven else { return .firstBackup(RunRow(run, names, now: visit.now)) }
            let age = visit.now.timeIntervalSince(run.finishedAt ?? run.createdAt)
            return age < 3600 ? .done(RunRow(run, names, now: visit.now)) : nil
        }
        if let job = try await stores.lists.listJobs(ListSearch(limit: 1)).rows.first {
            return .startBackup(JobRow(job, now: visit.now))
        }
        let agents = try await stores.agents.agents(PageRequest(limit: 2)).items
        if agents.allSatisfy({ $0.session.lastSeenAt == nil }), let agent = agents.last {
            return .waitForAgent(name: agent.name)
        }
        return .protect(Array(try await found.value().prefix(10)))
    }
}
