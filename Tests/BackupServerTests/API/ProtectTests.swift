import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import Testing

@testable import BackupServer

/// One click for a database that an agent has found.
@Suite struct ProtectTests {
    private func found(_ name: String, engine: DatabaseEngine = .postgresql) -> DiscoveredContainer {
        var container = DiscoveredContainer()
        container.id = "0123abcd"
        container.name = name
        container.image = "postgres:16"
        container.databaseType = engine.rawValue
        container.suggestedTargets = [
            Target(
                id: "", engine: engine, displayName: name, database: "container-env:POSTGRES_DB",
                username: "container-env:POSTGRES_USER", password: .containerEnvironment(name: "POSTGRES_PASSWORD"),
                containerID: name, strategy: .dockerExec),
            Target(
                id: "", engine: engine, displayName: name, host: name, port: 5432, password: .inline(Secret("pl4nted"))),
        ]
        return container
    }

    @Test func aFoundDatabaseHasATargetAndANightlyJobByOneClickAndNotTwo() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        let path = "/v1/agents/\(agent.id)/protect"
        let click = #"{"container_id":"0123abcd"}"#
        #expect(try await server.send("POST", path, click, token: owner).status == 404, "nothing was found yet")
        var old = found("cache", engine: .redis)
        (old.id, old.suggestedTargets) = ("old", [])
        try await Discoveries(agents: server.server.database).took([found("shop"), old], from: .init(agent.id))
        let shown = try await server.send("GET", "/v1/agents/\(agent.id)/discovered", token: owner)
        #expect(shown.body.contains(#""secret_reference":"container-env:POSTGRES_PASSWORD""#))
        #expect(!shown.body.contains("pl4nted"))
        #expect(try await server.send("POST", path, #"{"container_id":"old"}"#, token: owner).status == 412)
        #expect(
            try await server.send("POST", path, #"{"container_id":"shop","suggestion":9}"#, token: owner).status == 404)
        let reply = try await server.send("POST", path, click, token: owner)
        #expect(reply.status == 201, "\(reply.body)")
        let made = try reply.document(ProtectedDocument.self)
        #expect(
            made.target.name == "shop" && made.target.strategy == "docker_exec" && made.target.containerID == "shop")
        #expect(made.target.secretReference == "container-env:POSTGRES_PASSWORD" && !made.target.hasPassword)
        #expect(made.job.targetID == made.targetID && made.job.cron == "0 2 * * *" && made.job.jitterS == 7200)
        #expect(made.job.nextDueAt ?? .distantPast > Date() && made.job.expectedBy != nil && !made.job.isLate)
        let plan = try #require(try await server.server.database.agentPlan(.init(agent.id)))
        #expect(plan.targets.map(\.id.string) == [made.targetID] && plan.jobs.map(\.id.string) == [made.jobID])
        for again in [
            click, #"{"container_id":"shop","name":"other"}"#, #"{"container_id":"0123abcd","suggestion":0}"#,
        ] {
            #expect(try await server.send("POST", path, again, token: owner).status == 409, "\(again)")
        }
        #expect(try await server.server.database.agentPlan(.init(agent.id))?.targets.count == 1)
    }

    /// The number that the API has is the one that the first page shows.
    @Test func whatWasFoundIsUnprotectedUntilItHasAProvenBackup() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let database = server.server.database
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        let browser = try await Browser(server, email: "owner@example.com")
        func expect(_ protected: Int, of databases: Int, _ words: String) async throws {
            let overview = try await server.send("GET", "/v1/overview", token: owner).document(OverviewDocument.self)
            #expect(overview.protectedTargets == protected && overview.databases == databases, "\(words)")
            // It may be some seconds old.
            try await eventually("the page has it: \(words)", within: .seconds(15)) {
                try await browser.get("/?start=done").body.contains("\(protected)<small> / \(databases)</small>")
            }
        }
        try await expect(0, of: 0, "nothing is known")
        var files = found("app", engine: .sqlite)
        files.id = "app"
        files.suggestedTargets = ["/v/a.db", "/v/b.db"].map { Target(id: "", engine: .sqlite, database: $0) }
        try await Discoveries(agents: database).took([found("shop"), files], from: .init(agent.id))
        try await expect(0, of: 3, "a server and two files are found")
        let path = "/v1/agents/\(agent.id)/protect"
        let second = #"{"container_id":"app","suggestion":1}"#
        for (click, status) in [(#"{"container_id":"shop"}"#, 201), (second, 201), (second, 409)] {
            #expect(try await server.send("POST", path, click, token: owner).status == status, "\(click)")
        }
        try await expect(0, of: 3, "two are targets, and nothing is proven")
        var random = SystemRandomNumberGenerator()
        let job = try #require(try await database.jobs(of: .init(agent.id), PageRequest()).items.first)
        let run = RunRecord(
            id: BackupID(at: Date(), using: &random), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: Date(), compression: .zstd, engine: .postgresql,
            createdAt: Date())
        try await database.addRun(run)
        let stored = RunRecord.Stored(sizeBytes: 7, sha256: "", duration: .seconds(1), validated: .full)
        _ = try await database.finish(run.id, agent: nil, .success(stored), at: Date())
        try await expect(1, of: 3, "one is proven")
    }

    @Test func whereTheJobCantBeThereIsNoTargetEither() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        try await Discoveries(agents: server.server.database).took([found("shop")], from: .init(agent.id))
        let target = try await server.send(
            "POST", "/v1/agents/\(agent.id)/targets", #"{"name":"elsewhere","engine":"redis","host":"h"}"#, token: owner
        ).document(TargetDocument.self)
        let job = #"{"target_id":"\#(target.id)","name":"shop nightly"}"#
        #expect(try await server.send("POST", "/v1/agents/\(agent.id)/jobs", job, token: owner).status == 201)
        let path = "/v1/agents/\(agent.id)/protect"
        #expect(try await server.send("POST", path, #"{"container_id":"shop"}"#, token: owner).status == 409)
        #expect(try await server.server.database.agentPlan(.init(agent.id))?.targets.map(\.name) == ["elsewhere"])
        let other = #"{"container_id":"shop","name":"shop 2"}"#
        #expect(try await server.send("POST", path, other, token: owner).status == 201)
    }
}
