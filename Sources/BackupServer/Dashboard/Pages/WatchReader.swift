internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// Health checks, and the status page.
struct WatchReader: Sendable {
    /// Each with up to 2,160 hours.
    private static let checksOnPage = 25
    private static let mostAgents = 100
    /// As many as the page may have.
    private static let mostChoices = 100
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
        let agents = try await stores.lists.listAgents(ListSearch(limit: Self.mostAgents))
        var model = HealthModel(
            period: period.rawValue, checks: rows,
            agents: agents.rows.map { (id: $0.agent.id.string, name: $0.agent.name) },
            next: page.nextOffset.map { String($0) })
        model.hasMoreAgents = agents.nextOffset != nil
        var query = visit.list("/health")
        query.settings["period"] = visit.text("period")
        return .page(HealthPage.html(model, query: query, visit.context))
    }

    /// How the public page is set.
    func statusPage(_ visit: Visit) async throws -> PageRoute.Answer {
        let choices = try await stores.status.statusChoices(limit: Self.mostChoices)
        let page = choices.page
        var model = StatusPageModel(
            title: page.title, slug: page.slug, isEnabled: page.isEnabled,
            checks: choices.checks.map { HealthRow($0, agentName: "", hours: [], .day, now: visit.now) },
            targets: choices.targets.map { PublicTarget($0.target, id: $0.id.string) },
            incidents: try await stores.status.incidents(PageRequest(limit: 50)).items.map { Incident($0) })
        model.hasMore = choices.isCut
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
            targets: facts.targets.map { PublicTarget($0) }, incidents: facts.incidents.map { Incident($0) })
    }
}

extension PublicTarget {
    fileprivate init(_ target: PublicStatus.Target, id: String = "") {
        let state: State =
            switch target.state {
            case .protected: .protected
            case .late: .late
            case .unknown: .unknown
            }
        self.init(id: id, name: target.name, state: state, lastBackupAt: target.lastBackupAt)
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
