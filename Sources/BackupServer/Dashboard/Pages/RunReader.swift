internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

/// Runs, one of them, and restores.
struct RunReader: Sendable {
    private static let logLines = 200
    private static let mostDestinations = 500
    /// To choose from.
    private static let mostAgents = 100

    let stores: PageStores

    func list(_ visit: Visit) async throws -> PageRoute.Answer {
        var filter = RunFilter()
        filter.agentID = visit.query["agent_id"].flatMap { $0.isEmpty ? nil : AgentRecord.ID($0) }
        filter.jobID = visit.query["job_id"].flatMap { $0.isEmpty ? nil : JobRecord.ID($0) }
        filter.status = RunRecord.Status(rawValue: visit.text("status"))
        filter.from = visit.day("from")
        filter.to = visit.endOfDay("to")
        let page = try await stores.runs.runs(filter, visit.piece)
        let names = try await stores.lists.names(NameWish(page.items))
        var agents = try await stores.lists.listAgents(ListSearch(limit: Self.mostAgents)).rows.map {
            (id: $0.agent.id.string, name: $0.agent.name)
        }
        // The one that is chosen is to choose from, too: another press on the button would drop it.
        if let chosen = filter.agentID, !agents.contains(where: { $0.id == chosen.string }),
            let agent = try await stores.agents.agent(chosen)
        {
            agents.insert((id: agent.id.string, name: agent.name), at: 0)
        }
        return .page(
            RunsPage.html(
                page.items.map { RunRow($0, names, now: visit.now) },
                agents: agents,
                query: visit.list("/runs", filters: ["agent_id", "job_id", "status", "from", "to"]),
                next: page.nextCursor, visit.context))
    }

    func one(_ visit: Visit) async throws -> PageRoute.Answer {
        let id = try visit.backupID()
        guard let run = try await stores.runs.run(id) else { throw APIError.notFound("run \(id)") }
        let names = try await stores.lists.names(NameWish([run]))
        var model = RunModel(row: RunRow(run, names, now: visit.now))
        model.startedAt = run.startedAt
        model.finishedAt = run.finishedAt
        model.attempt = run.attempt
        model.failure = run.failure
        model.stored = run.stored
        model.encryption =
            run.encryption.formatVersion == 0 ? .none : run.encryption.keyID == nil ? .recipients : .server
        model.storageName = try await stores.plans.storage(run.storageID)?.name ?? run.storageID.string
        model.objectKey = run.objectKey
        let lines = try await stores.lists.lastLogs(of: id, limit: Self.logLines + 1)
        model.hasMoreLog = lines.count > Self.logLines
        model.log = lines.suffix(Self.logLines).map { .init(at: $0.at, level: $0.level, message: $0.message) }
        if run.isProven, visit.context.mayOperate { model.destinations = try await destinations(of: run) }
        return .page(RunPage.html(model, visit.context))
    }

    /// Its own target first, if it is still there.
    private func destinations(of run: RunRecord) async throws -> [RestoreDestination] {
        var destinations: [RestoreDestination] = []
        if let own = try await stores.plans.target(run.targetID) {
            let agent = try await stores.agents.agent(own.agentID)?.name ?? own.agentID.string
            destinations = [RestoreDestination(own, agentName: agent, isOrigin: true)]
        }
        let others = try await stores.lists.listTargets(of: nil, limit: Self.mostDestinations)
            .filter { $0.target.engine.isSibling(of: run.engine) && $0.target.id != run.targetID }
        return destinations + others.map { RestoreDestination($0.target, agentName: $0.agentName, isOrigin: false) }
    }

    func restores(_ visit: Visit) async throws -> PageRoute.Answer {
        let page = try await stores.runs.restores(visit.piece)
        let names = try await stores.lists.names(NameWish(page.items))
        return .page(
            RestoresPage.html(
                page.items.map { RestoreRow($0, names, now: visit.now) }, query: visit.list("/restores"),
                next: page.nextCursor, visit.context))
    }
}

extension RestoreDestination {
    fileprivate init(_ target: TargetRecord, agentName: String, isOrigin: Bool) {
        self.init(
            targetID: target.id.string, targetName: target.name, database: target.database, agentName: agentName,
            isOrigin: isOrigin)
    }
}
