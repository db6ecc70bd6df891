import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Crypto
import Foundation
import Testing

/// What is asked of one replica reaches the agents of another at once, and not with the next look around.
@Suite struct ReplicaWordTests {
    private static let key = "bkpy_test_0123456789abcdefghijABCDEFGHIJ01"
    private let agent = AgentRecord(id: .init("agent-1"), name: "web", createdAt: Date())

    private func replicas() async throws -> (PostgreSQLServer, [TestServer]) {
        let server = try await PostgreSQLServer()
        try server.createDatabase("control")
        let folder = try TemporaryFolder()
        var all: [TestServer] = []
        for _ in 0..<2 { all.append(try await TestServer(database: Secret(server.url("control")), folder: folder)) }
        try await all[0].server.database.addAgent(agent, keyHash: Array(SHA256.hash(data: Array(Self.key.utf8))))
        return (server, all)
    }

    /// 2 s are less than the time between two looks around.
    private func soon(
        _ what: String, within limit: Duration = .seconds(2), _ isSo: @Sendable () async throws -> Bool
    ) async throws {
        try await eventually(what, within: limit, isSo)
    }

    @Test func anAgentOfAnotherReplicaIsToldAtOnce() async throws {
        let (database, all) = try await replicas()
        let owner = try await all[0].owner()
        let peer = try await ScriptedAgent(port: all[1].port, key: Self.key, isSecure: false)
        try await peer.register([.ack, .cancelRun, .multipart, .formatV2, .testConnection])
        let target = try await all[0].send(
            "POST", "/v1/agents/agent-1/targets",
            #"{"name":"shop","engine":"postgresql","host":"db","port":5432,"database":"shop"}"#, token: owner)
        let targetID = try target.document(TargetDocument.self).id
        try await soon("its configuration has the target") {
            peer.messages.contains {
                if case .configUpdate(let new) = $0 { new.targets.map(\.id) == [targetID] } else { false }
            }
        }
        async let tested = all[0].send("POST", "/v1/targets/\(targetID)/test-connection", "{}", token: owner)
        try await soon("it is asked to try the target") {
            peer.received.contains { if case .testConnection = $0.message { true } else { false } }
        }
        let question = try #require(
            peer.received.first { if case .testConnection = $0.message { true } else { false } })
        var found = ConnectionTest()
        found.isOK = true
        found.engineVersion = "PostgreSQL 16.2"
        peer.send(.testConnectionResult(found), correlationID: question.correlationID)
        let answer = try await tested
        #expect(answer.status == 200 && answer.body.contains("PostgreSQL 16.2"), "\(answer.body)")
        let job = try await all[0].send(
            "POST", "/v1/agents/agent-1/jobs", #"{"name":"nightly","target_id":"\#(targetID)"}"#, token: owner)
        let jobID = try job.document(JobDocument.self).id
        let run = try await all[0].send("POST", "/v1/jobs/\(jobID)/run", "{}", token: owner)
        let runID = try run.document(RunDocument.self).id
        try await soon("it has the run") {
            peer.messages.contains { if case .runBackup(let order) = $0 { order.runID == runID } else { false } }
        }
        let cancelled = try await all[0].send("POST", "/v1/runs/\(runID)/cancel", "{}", token: owner)
        #expect(cancelled.status < 300, "\(cancelled.body)")
        try await soon("it is told to stop") {
            peer.messages.contains { if case .cancelRun(let id, _) = $0 { id == runID } else { false } }
        }
        // The same agent again, at the other replica.
        let second = try await ScriptedAgent(port: all[0].port, key: Self.key, isSecure: false)
        try await second.register([.ack])
        try await soon("the older connection is closed") { peer.closeCode == 4001 }
        #expect(second.isOpen)
        let key = try await all[1].send("POST", "/v1/agents/agent-1/rotate-key", "{}", token: owner)
        #expect(key.status < 300, "\(key.body)")
        try await soon("the old key is good for nothing") { second.closeCode == 1008 }
        withExtendedLifetime(database) {}
    }

    /// A new check is looked at now, and not with its first interval; and with the configuration that has it.
    @Test func anAgentOfAnotherReplicaLooksAtOnce() async throws {
        let (database, all) = try await replicas()
        let owner = try await all[0].owner()
        let peer = try await ScriptedAgent(port: all[1].port, key: Self.key, isSecure: false)
        try await peer.register([.ack])
        let body = #"{"agent_id":"agent-1","name":"shop","kind":"tcp","target":"db:5432"}"#
        let made = try await all[0].send("POST", "/v1/health-checks", body, token: owner)
        let check = try made.document(HealthCheckDocument.self).id
        try await soon("it is told to look") {
            peer.messages.contains { if case .runHealthCheck(let id) = $0 { id == check } else { false } }
        }
        let words = peer.messages.compactMap { message -> String? in
            switch message {
            case .configUpdate(let new) where new.healthChecks.map(\.id) == [check]: "it has the check"
            case .runHealthCheck(check): "it looks"
            default: nil
            }
        }
        #expect(words == ["it has the check", "it looks"])
        withExtendedLifetime(database) {}
    }

    /// Without a word, as when a connection to the database was lost just then; otherwise it would be a minute.
    @Test func whatNobodyTellsIsFoundByLookingAtEverything() async throws {
        let store = FakeControlStore()
        let agent = await GatewayFixture.addAgent("web-1", to: store)
        let server = try await GatewayFixture(store: store, isSecure: false)
        defer { server.stop() }
        let (words, tell) = AsyncStream<String?>.makeStream()
        let listening = Task { await server.desk.listener.run(words) }
        defer { listening.cancel() }
        let peer = try await ScriptedAgent(port: server.port, key: GatewayFixture.key, isSecure: false)
        try await peer.register([.ack])
        await store.updateAgent(try #require(await store.agent(agent.id)))
        tell.yield(nil)
        try await soon("it has the new configuration", within: .seconds(20)) {
            peer.messages.contains { if case .configUpdate = $0 { true } else { false } }
        }
        // It was taken for gone.
        await store.endSessions(ofReplica: "one")
        tell.yield(nil)
        try await soon("it is told to come again", within: .seconds(20)) { peer.closeCode == 1012 }
        let again = try await ScriptedAgent(port: server.port, key: GatewayFixture.key, isSecure: false)
        try await again.register([.ack])
        await store.deleteAgent(agent.id)
        tell.yield(nil)
        try await soon("its key is no longer good", within: .seconds(20)) { again.closeCode == 1008 }
    }
}
