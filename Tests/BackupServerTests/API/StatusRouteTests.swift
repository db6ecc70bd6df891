import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// The public status page, from both sides.
@Suite struct StatusRouteTests {
    @Test func thePageShowsWhatItsOwnerChoseAndNothingElse() async throws {
        let server = try await TestServer(publicURL: "https://backup.example.com")
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"secret-agent"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        var ids: [String] = []
        for (name, isPublic) in [("shop", true), ("hidden", false)] {
            let body = """
                {"agent_id":"\(agent.id)","name":"\(name)","kind":"tcp","target":"internal-host:1","is_public":\(isPublic)}
                """
            ids.append(
                try await server.send("POST", "/v1/health-checks", body, token: owner)
                    .document(HealthCheckDocument.self).id)
        }
        let target = try await server.send(
            "POST", "/v1/agents/\(agent.id)/targets", #"{"name":"orders","engine":"redis","host":"internal-host"}"#,
            token: owner
        ).document(TargetDocument.self)
        let public_ = "/v1/public/status/our-status"
        #expect(try await server.send("GET", public_).status == 404, "nothing before somebody turns it on")
        let change = """
            {"is_enabled":true,"slug":"our-status","title":"Ours","check_ids":["\(ids[0])","\(ids[1])"],
            "target_ids":["\(target.id)"]}
            """
        let page = try await server.send("PATCH", "/v1/status-page", change, token: owner)
        let set = try page.document(StatusPageDocument.self)
        #expect(set.url == "https://backup.example.com/status/our-status" && set.checkIDs == ids)
        #expect(try await server.send("GET", "/v1/status-page", token: owner).body == page.body)
        let found = HealthObservation(
            checkID: .init(ids[0]), at: Date(), isUp: false, latency: .milliseconds(3), error: "internal-host refused")
        try await server.server.database.recordHealth([found], from: .init(agent.id), at: Date())
        let reply = try await server.send("GET", public_)
        let shown = try reply.document(PublicStatusDocument.self)
        #expect(shown.title == "Ours" && shown.checks.map(\.name) == ["shop"] && !shown.isAllUp)
        #expect(shown.targets == [.init(name: "orders", state: "unknown", lastBackupAt: nil)])
        for word in ["internal-host", "hidden", "secret-agent", agent.id, ids[0]] {
            #expect(!reply.body.contains(word), "\(word)")
        }
        for nothing in [#"{"check_ids":["nothing"]}"#, #"{"target_ids":["nothing"]}"#] {
            #expect(try await server.send("PATCH", "/v1/status-page", nothing, token: owner).status == 404)
        }
        #expect(try await server.send("PATCH", "/v1/status-page", #"{"slug":"Not So"}"#, token: owner).status == 400)
        #expect(try await server.send("GET", "/v1/public/status/other").status == 404)
        try await server.send("PATCH", "/v1/status-page", #"{"is_enabled":false}"#, token: owner)
        #expect(try await server.send("GET", public_).status == 404)
    }

    @Test func anIncidentIsToldOnThePageInTheFeedAndInTheStream() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        try await server.send("PATCH", "/v1/status-page", #"{"is_enabled":true}"#, token: owner)
        let made = try await server.send(
            "POST", "/v1/status-page/incidents", #"{"title":"Disk <full>","body":"We look","impact":"major"}"#,
            token: owner)
        let incident = try made.document(IncidentDocument.self)
        #expect(made.status == 201 && incident.status == "investigating" && incident.impact == "major")
        let path = "/v1/incidents/\(incident.id)"
        let monitored = try await server.send("PATCH", path, #"{"status":"monitoring","text":"Grown"}"#, token: owner)
        #expect(try monitored.document(IncidentDocument.self).updates.map(\.text) == ["Grown"])
        let resolved = try await server.send("PATCH", path, #"{"status":"resolved"}"#, token: owner)
            .document(IncidentDocument.self)
        #expect(resolved.resolvedAt != nil && resolved.updates.map(\.status) == ["monitoring", "resolved"])
        #expect(try await server.send("PATCH", path, #"{"status":"gone"}"#, token: owner).status == 400)
        #expect(try await server.send("PATCH", "/v1/incidents/nothing", "{}", token: owner).status == 404)
        let list = try await server.send("GET", "/v1/status-page/incidents", token: owner)
        #expect(try list.document(ListDocument<IncidentDocument>.self).items.map(\.id) == [incident.id])
        let shown = try await server.send("GET", "/v1/public/status/status").document(PublicStatusDocument.self)
        #expect(shown.incidents.map(\.title) == ["Disk <full>"] && shown.isAllUp)
        let feed = try await server.send("GET", "/v1/public/status/status/rss")
        #expect(feed.headers["content-type"]?.hasPrefix("application/rss+xml") == true)
        #expect(feed.body.contains("[resolved] Disk &lt;full&gt;"))
        let outcome = try TestProcess.run(
            TestTools.path("python3"), ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.stdin)"], input: feed.body)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let names = try await server.server.database.events(after: 0, limit: 100).map(\.event.name)
        #expect(
            names.filter { $0.hasPrefix("incident.") } == [
                "incident.opened", "incident.updated", "incident.resolved",
            ])
    }

    @Test func everyAddressHasABudgetForThePublicPage() async throws {
        let server = try await TestServer(limits: { $0.publicRequestsPerMinute = 60 })
        var last: TestServer.Reply?
        for _ in 0..<70 { last = try await server.send("GET", "/v1/public/status/status") }
        #expect(last?.status == 429 && last?.headers["retry-after"] != nil)
    }
}
