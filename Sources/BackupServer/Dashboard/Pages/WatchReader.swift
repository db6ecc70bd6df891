internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// Health checks, and the status page.
struct WatchReader: Sendable {
    /// Each with up to 2,160 hours.
    private static let checksOnPage = 25
    private static let mostAgents = 100
    private static let mostTargets = 100
    /// How old the public page may be.
    private static let publicAge = Duration.seconds(15)

    private let stores: PageStores
    private let published: Remembered<PublicStatusFacts?>

    init(_ stores: PageStores, now: @escaping @Sendable () -> Date) {
        self.stores = stores
        published = Remembered(longest: Self.publicAge) {
            let slug = try await stores.status.statusPage().slug
            let time = now()
            return try await stores.status.statusFacts(slug: slug, at: time).map {
                PublicStatusFacts(facts: $0, at: time)
            }
        }
    }

    func health(_ visit: Visit) async throws -> PageRoute.Answer {
        let period = UptimePeriod(rawValue: visit.text("period")) ?? .month
        let page = try await stores.lists.listChecks(
            visit.search(limit: Self.checksOnPage),
            hoursFrom: visit.now.addingTimeInterval(-Double(period.hours) * 3600))
        let rows = page.rows.map {
            HealthRow($0.check, agentName: $0.agentName, hours: $0.hours, period, now: visit.now)
        }
        let agents = try await stores.lists.listAgents(ListSearch(limit: Self.mostAgents)).rows
        let model = HealthModel(
            period: period.rawValue, checks: rows, agents: agents.map { (id: $0.agent.id.string, name: $0.agent.name) },
            next: page.nextOffset.map { String($0) })
        var query = visit.list("/health")
        query.settings["period"] = visit.text("period")
        return .page(HealthPage.html(model, query: query, visit.context))
    }

    /// How the public page is set.
    func statusPage(_ visit: Visit) async throws -> PageRoute.Answer {
        let page = try await stores.status.statusPage()
        let checks = try await stores.lists.listChecks(ListSearch(limit: 100), hoursFrom: visit.now).rows
        let targets = try await stores.lists.listTargets(of: nil, limit: Self.mostTargets)
        var model = StatusPageModel(
            title: page.title, slug: page.slug, isEnabled: page.isEnabled,
            checks: checks.map { HealthRow($0.check, agentName: $0.agentName, hours: [], .day, now: visit.now) },
            targets: targets.map { listed in
                PublicTarget(
                    id: listed.target.id.string, name: listed.target.name,
                    state: listed.lastProvenAt == nil ? .unknown : .protected, lastBackupAt: listed.lastProvenAt)
            },
            incidents: try await stores.status.incidents(PageRequest(limit: 50)).items.map { Incident($0) })
        model.shown = Set(page.checks.map(\.string) + page.targets.map(\.string))
        return .page(StatusPages.settings(model, visit.context))
    }

    /// What everybody may see. Nobody's asking makes it be read much more often than it takes to read.
    func published(_ visit: Visit) async throws -> PageRoute.Answer {
        let slug = try visit.pathText("slug")
        // What is remembered may have been taken back since.
        let page = try await stores.status.statusPage()
        guard page.isEnabled, page.slug == slug, let published = try await published.value(),
            published.facts.page.slug == slug
        else { throw APIError.notFound("such page") }
        return .page(StatusPages.published(published.model, visit.context))
    }
}

/// The public page as of a moment.
private struct PublicStatusFacts: Sendable {
    let facts: StatusFacts
    let at: Date

    var model: StatusPageModel {
        StatusPageModel(
            title: facts.page.title, slug: facts.page.slug, isEnabled: true,
            checks: facts.checks.map { HealthRow($0.check, agentName: "", hours: $0.hours, .quarter, now: at) },
            targets: facts.targets.map { target in
                let state: PublicTarget.State =
                    switch target.state {
                    case .protected: .protected
                    case .late: .late
                    case .unknown: .unknown
                    }
                return PublicTarget(name: target.name, state: state, lastBackupAt: target.lastBackupAt)
            }, incidents: facts.incidents.map { Incident($0) })
    }
}

extension Incident {
    fileprivate init(_ incident: IncidentRecord) {
        let last = incident.updates.last.map { $0.text.isEmpty ? incident.body : $0.text } ?? incident.body
        self.init(
            id: incident.id.string, title: incident.title, body: last, status: incident.status.rawValue,
            startedAt: incident.startedAt, resolvedAt: incident.resolvedAt)
    }
}
