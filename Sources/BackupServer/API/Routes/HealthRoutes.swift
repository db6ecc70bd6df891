internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// What agents look at, and what they have found.
package struct HealthRoutes: Sendable {
    let agents: any AgentStore
    let checks: any HealthStore
    let link: any AgentLink

    package init(agents: any AgentStore, checks: any HealthStore, link: any AgentLink) {
        self.agents = agents
        self.checks = checks
        self.link = link
    }

    package var endpoints: [Endpoint] { changing + reading }

    private var changing: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/health-checks", "createHealthCheck", "Have an agent look at something.", tag: "health",
                may: .role(.operator), body: NewHealthCheck.self,
                answers: [.created(HealthCheckDocument.self), .conflict, .notFound], handler: create),
            Endpoint(
                .patch, "/v1/health-checks/{id}", "updateHealthCheck", "Change a check.", tag: "health",
                may: .role(.operator), body: HealthCheckChange.self,
                answers: [.ok(HealthCheckDocument.self), .conflict], handler: update),
            Endpoint(
                .delete, "/v1/health-checks/{id}", "deleteHealthCheck", "Take a check away, with its results.",
                tag: "health", may: .role(.operator), answers: [.noContent]
            ) { call in
                let check = try await check(call)
                try await checks.deleteHealthCheck(check.id)
                await link.configurationChanged(check.agentID)
                return .noContent
            },
        ]
    }

    private var reading: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/health-checks", "listHealthChecks", "All checks, or those of one agent.", tag: "health",
                may: .role(.viewer), query: QueryParameter.page + [QueryParameter("agent_id", .id, "Of this agent.")],
                answers: [.ok(ListDocument<HealthCheckDocument>.self)]
            ) { call in
                let agent = call.query["agent_id"].map { AgentRecord.ID($0) }
                let page = try await checks.healthChecks(of: agent, call.page)
                return try .list(page.items.map { HealthCheckDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/health-checks/{id}/results", "listHealthResults", "What was found, newest first.",
                tag: "health", may: .role(.viewer), query: QueryParameter.numberedPage,
                answers: [.ok(ListDocument<HealthResultDocument>.self)]
            ) { call in
                let page = try await checks.healthResults(of: try await check(call).id, call.page)
                return try .list(page.items.map { HealthResultDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/health-checks/{id}/uptime", "getUptime", "How much of a period a check was up.",
                tag: "health", may: .role(.viewer),
                query: [QueryParameter("period", .choice(UptimeDocument.periods), "24h if not said.")],
                answers: [.ok(UptimeDocument.self)], handler: uptime),
        ]
    }

    // MARK: Handlers

    private func check(_ call: APICall) async throws -> HealthCheckRecord {
        let id = try call.id(HealthCheckRecord.self)
        guard let check = try await checks.healthCheck(id) else { throw APIError.notFound("health check \(id)") }
        return check
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewHealthCheck = try call.document()
        let agent = AgentRecord.ID(request.agentID)
        guard try await agents.agent(agent) != nil else { throw APIError.notFound("agent \(agent)") }
        guard let kind = HealthCheck.Kind(word: request.kind) else {
            throw APIError.invalid("kind", "there is no such kind")
        }
        var random = SystemRandomNumberGenerator()
        var check = HealthCheckRecord(
            id: Identifier(at: call.now, using: &random), agentID: agent, name: request.name, kind: kind,
            target: request.target, createdAt: call.now)
        try HealthCheckChange(request).apply(to: &check)
        try await checks.addHealthCheck(check)
        await tell(check)
        call.audit.concerns(check.id.string, name: check.name)
        return try .json(HealthCheckDocument(check), .created)
    }

    private func update(_ call: APICall) async throws -> Answer {
        let change: HealthCheckChange = try call.document()
        var check = try await check(call)
        try change.apply(to: &check)
        try await checks.updateHealthCheck(check, at: call.now)
        await tell(check)
        return try .json(HealthCheckDocument(try await self.check(call)))
    }

    /// The agent gets it, and looks at once.
    private func tell(_ check: HealthCheckRecord) async {
        await link.configurationChanged(check.agentID)
        if check.isEnabled { await link.runCheck(check) }
    }

    private func uptime(_ call: APICall) async throws -> Answer {
        let check = try await check(call)
        let period = call.query["period"].flatMap { UptimePeriod(rawValue: $0) } ?? .day
        let from = call.now.addingTimeInterval(-Double(period.hours) * 3600)
        let hours = try await checks.healthHours(of: check.id, from: from)
        return try .json(UptimeDocument(period, of: check, hours: hours, now: call.now))
    }
}
