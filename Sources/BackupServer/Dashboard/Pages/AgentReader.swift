internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

/// Agents, and one of them.
struct AgentReader: Sendable {
    private static let mostTargets = 200
    private static let recentRuns = 10

    let stores: PageStores

    func list(_ visit: Visit) async throws -> PageRoute.Answer {
        let page = try await stores.lists.listAgents(visit.search())
        let rows = page.rows.map { AgentRow($0.agent, targets: $0.targets, jobs: $0.jobs) }
        return .page(
            AgentsPage.html(
                rows, query: visit.list("/agents"), next: page.nextOffset.map { String($0) }, visit.context))
    }

    func one(_ visit: Visit) async throws -> PageRoute.Answer {
        let id = try visit.id(AgentRecord.self)
        guard let agent = try await stores.agents.agent(id) else { throw APIError.notFound("agent \(id)") }
        let targets = try await stores.lists.listTargets(of: [id], limit: Self.mostTargets)
        let jobs = try await stores.lists.listJobs(ListSearch(limit: 100, agentID: id)).rows
        let counts = try await stores.lists.counts(of: id)
        var model = AgentModel(row: AgentRow(agent, targets: counts.targets, jobs: counts.jobs))
        model.connectedAt = agent.isConnected ? agent.session.connectedAt : nil
        model.dockerVersion = agent.registration.dockerVersion
        model.maxParallelJobs = agent.maxParallelJobs
        model.maintenance = agent.maintenance.map { "\($0.startText)–\($0.endText)" } ?? ""
        model.isAutoUpdateEnabled = agent.isAutoUpdateEnabled
        model.targets = targets.map { TargetRow($0) }
        model.jobs = jobs.map { JobRow($0, now: visit.now) }
        model.discovered = try await DiscoveryReader(stores: stores).rows(of: id)
        var filter = RunFilter()
        filter.agentID = id
        let runs = try await stores.runs.runs(filter, PageRequest(limit: Self.recentRuns)).items
        let names = try await stores.lists.names(NameWish(runs))
        model.runs = runs.map { RunRow($0, names, now: visit.now) }
        return .page(AgentPage.html(model, query: visit.list(Link.agent(id.string)), visit.context))
    }

    func discovered(_ visit: Visit) async throws -> PageRoute.Answer {
        let rows = try await DiscoveryReader(stores: stores).rows(visit.text("q"))
        return .page(DiscoveredPage.html(rows, query: visit.list("/discovered"), visit.context))
    }
}
