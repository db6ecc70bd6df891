import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// Health checks over the API.
@Suite struct HealthRouteTests {
    private func agent(_ server: TestServer, _ owner: String, _ name: String = "web") async throws -> AgentDocument {
        try await server.send("POST", "/v1/agents", #"{"name":"\#(name)"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
    }

    @Test func aCheckIsMadeChangedAndTakenAwayAndItsAgentGetsEach() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await agent(server, owner)
        let new = #"{"agent_id":"\#(agent.id)","name":"shop","kind":"https","target":"https://shop.test/health"}"#
        let made = try await server.send("POST", "/v1/health-checks", new, token: owner)
        #expect(made.status == 201, "\(made.body)")
        let check = try made.document(HealthCheckDocument.self)
        #expect(check.intervalS == 60 && check.timeoutS == 10 && check.expectedStatus == 0 && check.state == "unknown")
        #expect(
            try await server.send("POST", "/v1/health-checks", new, token: owner).status == 409, "the name is taken")
        let plan = try #require(try await server.server.database.agentPlan(.init(agent.id)))
        #expect(plan.healthChecks.map(\.id.string) == [check.id])
        #expect(Int(plan.agent.configVersion) > agent.configVersion, "the agent gets it")

        let path = "/v1/health-checks/\(check.id)"
        let change = #"{"interval_s":30,"expected_status":204,"is_public":true,"is_enabled":false}"#
        let changed = try await server.send("PATCH", path, change, token: owner).document(HealthCheckDocument.self)
        #expect(changed.intervalS == 30 && changed.expectedStatus == 204 && changed.isPublic && !changed.isEnabled)
        let back = try await server.send("PATCH", path, #"{"expected_status":0}"#, token: owner)
        #expect(try back.document(HealthCheckDocument.self).expectedStatus == 0)
        #expect(
            try await server.server.database.agentPlan(.init(agent.id))?.agent.configVersion
                == plan.agent.configVersion + 2)
        let other = try await self.agent(server, owner, "db")
        for (id, names) in [(agent.id, ["shop"]), (other.id, [])] {
            let list = try await server.send("GET", "/v1/health-checks?agent_id=\(id)", token: owner)
            #expect(try list.document(ListDocument<HealthCheckDocument>.self).items.map(\.name) == names)
        }
        #expect(try await server.send("DELETE", path, token: owner).status == 204)
        #expect(try await server.send("DELETE", path, token: owner).status == 404)
    }

    @Test(arguments: [
        (#""kind":"https","target":"http://shop.test""#, 400, "target"),
        (#""kind":"http","target":"http://u:p@shop.test""#, 400, "target"),
        (#""kind":"http","target":"http://shop.test:70000""#, 400, "target"),
        (#""kind":"tcp","target":"db""#, 400, "target"), (#""kind":"tcp","target":"db:0""#, 400, "target"),
        (#""kind":"udp","target":"db:1""#, 400, "kind"),
        (#""kind":"tcp","target":"db:1","expected_status":200"#, 400, "expected_status"),
        (#""kind":"tcp","target":"db:1","interval_s":9"#, 400, "interval_s"),
        (#""kind":"tcp","target":"db:1","interval_s":20,"timeout_s":30"#, 409, ""),
    ])
    func whatCantBeIsRefused(_ fields: String, _ status: Int, _ field: String) async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await agent(server, owner)
        let body = #"{"agent_id":"\#(agent.id)","name":"x",\#(fields)}"#
        let reply = try await server.send("POST", "/v1/health-checks", body, token: owner)
        #expect(reply.status == status && reply.error?.details.first?.field ?? "" == field, "\(reply.body)")
        let nobody = body.replacing(agent.id, with: "nobody")
        #expect(try await server.send("POST", "/v1/health-checks", nobody, token: owner).status != 201)
    }

    @Test func resultsAndUptimeAreWhatTheAgentFound() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await agent(server, owner)
        let body = #"{"agent_id":"\#(agent.id)","name":"db","kind":"tcp","target":"db:5432"}"#
        let check = try await server.send("POST", "/v1/health-checks", body, token: owner)
            .document(HealthCheckDocument.self)
        let now = Date()
        let found = (1...5).map { (number: Int) -> HealthObservation in
            let at = now.addingTimeInterval(Double(-60 * number))
            return HealthObservation(
                checkID: .init(check.id), at: at, isUp: number > 2, latency: .milliseconds(10 * number),
                error: number > 2 ? "" : "refused")
        }
        try await server.server.database.recordHealth(found, from: .init(agent.id), at: now)
        let path = "/v1/health-checks/\(check.id)"
        let page = try await server.send("GET", "\(path)/results?limit=2", token: owner)
            .document(ListDocument<HealthResultDocument>.self)
        #expect(page.items.map(\.isUp) == [false, false] && page.items.map(\.latencyMs) == [10, 20])
        let next = try await server.send(
            "GET", "\(path)/results?cursor=\(try #require(page.nextCursor))", token: owner)
        #expect(try next.document(ListDocument<HealthResultDocument>.self).items.map(\.isUp) == [true, true, true])
        for period in UptimeDocument.periods {
            let uptime = try await server.send("GET", "\(path)/uptime?period=\(period)", token: owner)
                .document(UptimeDocument.self)
            let (up, down) = uptime.hours.reduce(into: (0, 0)) { ($0.0, $0.1) = ($0.0 + $1.up, $0.1 + $1.down) }
            #expect(uptime.period == period && up == 3 && down == 2)
            #expect(uptime.hours.allSatisfy { (10...50).contains($0.latencyMs ?? 0) })
            #expect(uptime.upShare ?? 1 <= 1, "the check is a moment old")
        }
        #expect(try await server.send("GET", "\(path)/uptime?period=1y", token: owner).status == 400)
        #expect(try await server.send("GET", "\(path)/uptime", token: owner).status == 200)
        #expect(try await server.send("GET", path, token: owner).status == 405)
        let state = try await server.send("GET", "/v1/health-checks", token: owner)
            .document(ListDocument<HealthCheckDocument>.self).items.first
        #expect(state?.state == "down" && state?.lastResultAt != nil)
    }
}
