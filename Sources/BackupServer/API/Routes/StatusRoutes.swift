internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// The public status page, its owner's side of it, and incidents.
package struct StatusRoutes: Sendable {
    let status: any StatusStore
    let checks: any HealthStore
    let plans: any PlanStore
    /// How people reach the server.
    let publicURL: String

    package init(status: any StatusStore, checks: any HealthStore, plans: any PlanStore, publicURL: String) {
        self.status = status
        self.checks = checks
        self.plans = plans
        self.publicURL = publicURL
    }

    package var endpoints: [Endpoint] { page + incidents + open }

    private var page: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/status-page", "getStatusPage", "How the public page is set.", tag: "status",
                may: .role(.viewer), answers: [.ok(StatusPageDocument.self)]
            ) { _ in try .json(StatusPageDocument(try await status.statusPage(), publicURL: publicURL)) },
            Endpoint(
                .patch, "/v1/status-page", "updateStatusPage", "Set the public page; it shows nothing before.",
                tag: "status", may: .role(.admin), body: StatusPageChange.self,
                answers: [.ok(StatusPageDocument.self), .notFound], handler: update),
        ]
    }

    private var incidents: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/status-page/incidents", "listIncidents", "All incidents, newest first.", tag: "status",
                may: .role(.viewer), query: QueryParameter.page, answers: [.ok(ListDocument<IncidentDocument>.self)]
            ) { call in
                let page = try await status.incidents(call.page)
                return try .list(page.items.map { IncidentDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/status-page/incidents", "createIncident", "Tell people of a trouble.", tag: "status",
                may: .role(.operator), body: NewIncident.self, answers: [.created(IncidentDocument.self)],
                handler: createIncident),
            Endpoint(
                .patch, "/v1/incidents/{id}", "updateIncident", "Tell people how it goes on.", tag: "status",
                may: .role(.operator), body: IncidentChange.self, answers: [.ok(IncidentDocument.self), .conflict],
                handler: updateIncident),
        ]
    }

    private var open: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/public/status/{slug}", "getPublicStatus", "What everybody may see.", tag: "status",
                may: .open, answers: [.ok(PublicStatusDocument.self)], budget: .publicPage
            ) { try .json(PublicStatusDocument(try await publicStatus($0))) },
            Endpoint(
                .get, "/v1/public/status/{slug}/rss", "getStatusFeed", "The incidents as RSS 2.0.", tag: "status",
                may: .open, answers: [AnswerShape(.ok, "a feed", mediaType: "application/rss+xml")],
                budget: .publicPage
            ) { call in
                let status = try await publicStatus(call)
                let link = StatusPageDocument.url(of: status.slug, publicURL)
                return .text(StatusFeed(status, link: link).xml, mediaType: "application/rss+xml; charset=utf-8")
            },
        ]
    }

    // MARK: Handlers

    private func publicStatus(_ call: APICall) async throws -> PublicStatus {
        guard let facts = try await status.statusFacts(slug: try call.pathText("slug"), at: call.now) else {
            throw APIError.notFound("such page")
        }
        return PublicStatus(facts, at: call.now)
    }

    private func update(_ call: APICall) async throws -> Answer {
        let change: StatusPageChange = try call.document()
        var page = try await status.statusPage()
        if let isEnabled = change.isEnabled { page.isEnabled = isEnabled }
        if let slug = change.slug { page.slug = slug }
        if let title = change.title { page.title = title }
        if let ids = change.checkIDs?.map({ HealthCheckRecord.ID($0) }) {
            for id in ids where try await checks.healthCheck(id) == nil {
                throw APIError.notFound("health check \(id)")
            }
            page.checks = ids
        }
        if let ids = change.targetIDs?.map({ TargetRecord.ID($0) }) {
            for id in ids where try await plans.target(id) == nil { throw APIError.notFound("target \(id)") }
            page.targets = ids
        }
        try page.check()
        try await status.setStatusPage(page)
        return try .json(StatusPageDocument(page, publicURL: publicURL))
    }

    private func createIncident(_ call: APICall) async throws -> Answer {
        let request: NewIncident = try call.document()
        var random = SystemRandomNumberGenerator()
        let incident = IncidentRecord(
            id: Identifier(at: call.now, using: &random), title: request.title, body: request.body ?? "",
            impact: request.impact.flatMap { IncidentRecord.Impact(rawValue: $0) } ?? .minor, startedAt: call.now)
        try await status.addIncident(incident)
        call.audit.concerns(incident.id.string, name: incident.title)
        return try .json(IncidentDocument(incident), .created)
    }

    private func updateIncident(_ call: APICall) async throws -> Answer {
        let change: IncidentChange = try call.document()
        let id = try call.id(IncidentRecord.self)
        guard var incident = try await status.incident(id) else { throw APIError.notFound("incident \(id)") }
        if let title = change.title { incident.title = title }
        if let body = change.body { incident.body = body }
        if let impact = change.impact.flatMap({ IncidentRecord.Impact(rawValue: $0) }) { incident.impact = impact }
        let next = change.status.flatMap { IncidentRecord.Status(rawValue: $0) }
        if next != nil || change.text != nil {
            try incident.add(.init(at: call.now, status: next ?? incident.status, text: change.text ?? ""))
        }
        try await status.updateIncident(incident)
        return try .json(IncidentDocument(incident))
    }
}
