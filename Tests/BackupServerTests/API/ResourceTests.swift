import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// Agents, targets, jobs, runs and stores over the API.
@Suite struct ResourceTests {
    /// An agent, a target of it with a password, and a job.
    private func protected(_ server: TestServer, _ owner: String) async throws -> (
        agent: AgentKeyDocument, target: TargetDocument, job: JobDocument
    ) {
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web-1"}"#, token: owner)
            .document(AgentKeyDocument.self)
        let target = try await server.send(
            "POST", "/v1/agents/\(agent.agent.id)/targets",
            #"{"name":"shop","engine":"postgresql","host":"db","database":"shop","username":"u","password":"pl4nted-pw"}"#,
            token: owner
        ).document(TargetDocument.self)
        let job = try await server.send(
            "POST", "/v1/agents/\(agent.agent.id)/jobs",
            #"{"target_id":"\#(target.id)","name":"nightly","cron":"0 3 * * *"}"#, token: owner
        ).document(JobDocument.self)
        return (agent, target, job)
    }

    @Test func whatProtectsADatabaseIsMadeChangedAndTakenAway() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let (agent, target, job) = try await protected(server, owner)
        #expect(agent.key.wholeMatch(of: /bkpy_live_[A-Za-z0-9]{32}/) != nil)
        #expect(target.hasPassword && target.secretReference.isEmpty)
        #expect(job.cron == "0 3 * * *" && job.encryption == "server" && job.retention.days == 30)
        let changed = try await server.send(
            "PATCH", "/v1/jobs/\(job.id)",
            #"{"retention":{"days":0,"last":7,"hourly":0,"daily":0,"weekly":0,"monthly":0,"yearly":0},"timeout_s":600}"#,
            token: owner
        ).document(JobDocument.self)
        #expect(changed.retention.last == 7 && changed.timeoutS == 600 && changed.name == "nightly")
        let config = #"{"max_parallel_jobs":4,"maintenance":{"start":"22:00","end":"04:00"}}"#
        let own = try await server.send("PATCH", "/v1/agents/\(agent.agent.id)/config", config, token: owner)
            .document(AgentConfigDocument.self)
        #expect(own.maxParallelJobs == 4 && own.maintenanceStart == "22:00")
        #expect(own.configVersion > agent.agent.configVersion, "the agent gets it")
        #expect(try await server.send("DELETE", "/v1/targets/\(target.id)", token: owner).status == 204)
        #expect(try await server.send("GET", "/v1/jobs/\(job.id)", token: owner).status == 404)
        #expect(try await server.send("DELETE", "/v1/agents/\(agent.agent.id)", token: owner).status == 204)
        #expect(try await server.send("GET", "/v1/agents/\(agent.agent.id)", token: owner).status == 404)
    }

    @Test func aNewKeyMakesTheOldOneVoid() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await protected(server, owner).agent
        let path = "/v1/agents/\(agent.agent.id)/rotate-key"
        let new = try await server.send("POST", path, token: owner).document(AgentKeyDocument.self)
        #expect(new.key != agent.key)
        #expect(try await server.server.database.agent(keyHash: RandomKey.hash(Secret(agent.key))) == nil)
        #expect(try await server.server.database.agent(keyHash: RandomKey.hash(Secret(new.key))) != nil)
    }

    @Test func aRunIsAskedForOncePerKeyAndOnePerJobIsLive() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let job = try await protected(server, owner).job
        let path = "/v1/jobs/\(job.id)/run"
        func run(_ key: String?, token: String? = nil) async throws -> TestServer.Reply {
            try await server.send(
                "POST", path, token: token ?? owner, headers: key.map { [("Idempotency-Key", $0)] } ?? [])
        }
        let first = try await run("k1")
        #expect(first.status == 202, "\(first.body)")
        let again = try await run("k1")
        #expect(again.status == 202 && again.body == first.body, "the same answer")
        #expect(try await run("k2").status == 409, "one is live")
        #expect(try await run(nil).status == 409)
        // Somebody else's key is another key: he gets his own answer.
        let other = try await server.person("operator", by: owner).session
        #expect(try await run("k1", token: other).status == 409)
        let id = try first.document(RunDocument.self).id
        let list = try await server.send("GET", "/v1/runs?job_id=\(job.id)&status=pending", token: owner)
        #expect(try list.document(ListDocument<RunDocument>.self).items.map(\.id) == [id])
        #expect(try await server.send("GET", "/v1/runs/\(id)/download-url", token: owner).status == 412)
        #expect(try await server.send("POST", "/v1/runs/\(id)/decryption-token", token: owner).status == 412)
        #expect(try await server.send("POST", "/v1/runs/\(id)/cancel", token: owner).status == 202)
        #expect(try await server.send("GET", "/v1/runs/\(id)/logs?cursor=61", token: owner).status == 400)
    }

    @Test func theSameKeyWithAnotherBodyIsAConflict() async throws {
        let server = try await TestServer()
        let database = server.server.database
        let time = Date()
        func reserve(_ body: UInt8, at time: Date) async throws -> IdempotencyOutcome {
            try await database.reserveIdempotency(
                scope: "u op x", key: "k", requestHash: [body], at: time, staleBefore: time.addingTimeInterval(-120))
        }
        #expect(try await reserve(1, at: time) == .first)
        #expect(try await reserve(1, at: time) == .underway)
        #expect(try await reserve(2, at: time) == .otherRequest)
        try await database.sql.write { connection in
            _ = try connection.run("UPDATE idempotency_keys SET status = 202, response = '{}'")
        }
        #expect(try await reserve(1, at: time) == .answered(status: 202, response: "{}"))
        #expect(try await reserve(2, at: time) == .otherRequest)
        #expect(try await reserve(2, at: time.addingTimeInterval(25 * 3600)) == .first, "it was kept for a day")
        #expect(try await reserve(2, at: time.addingTimeInterval(25 * 3600 + 200)) == .first, "its server died")
    }

    @Test func storesAreTriedForRealAndKeepTheirSecrets() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let builtIn = try await server.send("GET", "/v1/storage-profiles", token: owner)
            .document(ListDocument<StorageProfileDocument>.self).items
        #expect(builtIn.map(\.kind) == ["embedded"] && builtIn.first?.isDefault == true)
        let test = try await server.send("POST", "/v1/storage-profiles/\(builtIn[0].id)/test", token: owner)
        #expect(try test.document(StorageTestDocument.self).isUsable, "\(test.body)")
        let port = try FreePort.next()
        let new =
            #"{"name":"s3","bucket":"b","access_key_id":"AK","secret_access_key":"pl4nted-sk","endpoint":"http://127.0.0.1:\#(port)"}"#
        let made = try await server.send("POST", "/v1/storage-profiles", new, token: owner)
        let profile = try made.document(StorageProfileDocument.self)
        #expect(profile.hasSecret)
        let dead = try await server.send("POST", "/v1/storage-profiles/\(profile.id)/test", token: owner)
        let result = try dead.document(StorageTestDocument.self)
        #expect(!result.isUsable && result.error != nil)
        let moved = try await server.send(
            "PATCH", "/v1/storage-profiles/\(profile.id)", #"{"endpoint":"https://evil.example.com"}"#, token: owner)
        #expect(moved.status == 409, "the stored key would go there")
        var texts = [made.body, dead.body, server.log.words]
        for path in ["/v1/storage-profiles", "/v1/audit-log", "/v1/audit-log/export", "/v1/storage-profiles/usage"] {
            texts.append(try await server.send("GET", path, token: owner).body)
        }
        for text in texts { #expect(!text.contains("pl4nted")) }
        #expect(try await server.send("DELETE", "/v1/storage-profiles/\(profile.id)", token: owner).status == 204)
    }

    @Test func theSecretsOfTargetsAndAgentsAreNotSeenAgain() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let (agent, target, job) = try await protected(server, owner)
        var texts = [server.log.words]
        for path in [
            "/v1/agents", "/v1/agents/\(agent.agent.id)", "/v1/agents/\(agent.agent.id)/targets",
            "/v1/agents/\(agent.agent.id)/jobs", "/v1/jobs/\(job.id)", "/v1/audit-log", "/v1/audit-log/export",
        ] {
            let reply = try await server.send("GET", path, token: owner)
            #expect(reply.status == 200, "\(path) \(reply.body)")
            texts.append(reply.body)
        }
        let test = try await server.send("POST", "/v1/targets/\(target.id)/test-connection", token: owner)
        #expect(test.status == 412 && test.error?.code == .preconditionFailed, "\(test.body)")
        texts += [test.body, server.log.words]
        for secret in ["pl4nted-pw", agent.key] {
            for text in texts { #expect(!text.contains(secret), "\(secret) in \(text.prefix(300))") }
        }
    }
}
