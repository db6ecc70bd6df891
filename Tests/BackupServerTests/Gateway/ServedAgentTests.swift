import BackupControl
import BackupCore
import BackupFormat
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The server with the real agent, as processes that know each other only by the protocol.
@Suite(.serialized) struct ServedAgentTests {
    /// An agent's process, its database, and the server.
    final class Setting: Sendable {
        let database: PostgreSQLServer
        let folder: TemporaryFolder
        let store = FakeControlStore()
        let agent: AgentRecord

        init() async throws {
            database = try await PostgreSQLServer()
            try database.createDatabase("app")
            _ = try database.sql(
                "CREATE TABLE t AS SELECT i, md5(i::text) AS text FROM generate_series(1, 100000) AS i", in: "app")
            folder = try TemporaryFolder()
            agent = await GatewayFixture.addAgent("web-1", to: store)
        }

        func server(port: Int? = nil) async throws -> GatewayFixture {
            let data = folder("data")
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            var settings = GatewaySettings()
            settings.tick = .milliseconds(100)
            settings.heartbeat = .seconds(5)
            return try await GatewayFixture(store: store, folder: folder, settings: settings, port: port)
        }

        func start(_ server: GatewayFixture) async throws -> TestProcess {
            let process = try TestProcess(
                try TestTools.product("agent"), ["run"],
                environment: [
                    "BACKUPY_SERVER_URL": "https://localhost:\(server.port)", "BACKUPY_AGENT_KEY": GatewayFixture.key,
                    "BACKUPY_SERVER_CA_FILE": try TestAuthority.shared.get().file,
                    "BACKUPY_STATE_DIR": folder("state"), "BACKUPY_METRICS_LISTEN_ADDR": "",
                    "BACKUPY_DISABLE_DISCOVERY": "true", "BACKUPY_LOG_LEVEL": "debug",
                    "APP_PASSWORD": PostgreSQLServer.password, "no_proxy": "*",
                ], log: folder("agent.log"))
            try await eventually("the agent is connected", within: .seconds(30)) {
                guard process.isRunning else { throw TestFailure(String(process.words.suffix(3000))) }
                return server.gateway.live.count == 1
            }
            return process
        }

        /// A session that holds a lock, so that pg_dump waits.
        func holdLock() throws -> TestProcess {
            let lock = try TestProcess(
                "/usr/bin/env",
                [
                    "psql", "-X", "-c", "BEGIN; LOCK t IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)",
                    database.url("app"),
                ], log: folder("lock.log"))
            return lock
        }

        func releaseLock() throws {
            _ = try database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        }

        func waitForDump() async throws {
            try await eventually("pg_dump waits") {
                try self.database.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0"
            }
        }
    }

    @Test func aBackupEndsInTheEmbeddedStoreAndOpensWithAToken() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, port: setting.database.port, to: setting.store)
        let process = try await setting.start(server)
        defer { process.stop() }
        let id = try await server.order(job)
        try await server.waitFor(.success, of: id)
        let run = try #require(await setting.store.run(id))
        let stored = try #require(run.stored)
        #expect(stored.validated == .full && stored.manifest != nil && run.encryption.formatVersion == 2)
        #expect(run.objectKey.hasPrefix("web-1/shop/\(id.string.prefix(4))/"), "\(run.objectKey)")
        let statuses = server.events.statuses(of: id)
        #expect(statuses.first == .dispatched && statuses.last == .success, "\(statuses)")
        #expect(await setting.store.ends[id] == 1)

        let objects = "file://\(setting.folder.path)/store/objects"
        let verified = try TestProcess.run(
            try TestTools.product("backupy"), ["verify", "--from", objects, id.string, "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        let token = try DecryptionTokens(keys: server.keys).token(for: run, subject: "u", at: Date())
        let dump = setting.folder("app.dump")
        let opened = try TestProcess.run(
            try TestTools.product("backupy-decrypt"),
            ["--token", token.revealed, "--in", "\(setting.folder.path)/store/objects/\(run.objectKey)", "--out", dump])
        #expect(opened.status == 0, "\(opened.errors)")
        #expect(try TestProcess.run("/usr/bin/env", ["pg_restore", "-l", dump]).output.contains("TABLE DATA public t"))
        try await eventually("the agent's words about the run are kept") {
            await setting.store.logs(of: id, PageRequest()).items.contains { $0.message.contains("run") }
        }
    }

    @Test func aBackupIsRestoredIntoAnotherDatabase() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, port: setting.database.port, to: setting.store)
        let process = try await setting.start(server)
        defer { process.stop() }
        let id = try await server.order(job)
        try await server.waitFor(.success, of: id)
        var random = SystemRandomNumberGenerator()
        let restore = RestoreRecord(
            id: BackupID(at: Date(), using: &random), runID: id, agentID: setting.agent.id,
            request: .init(targetID: job.targetID, database: "copy", create: true), createdAt: Date())
        await setting.store.addRestore(restore, sealedSecret: nil)
        server.desk.workChanged()
        try await eventually("the restore has ended", within: .seconds(60)) {
            await setting.store.restore(restore.id)?.status.isLive == false
        }
        let ended = try #require(await setting.store.restore(restore.id))
        #expect(ended.status == .success, "\(ended)")
        #expect(try setting.database.dumpText("copy") == setting.database.dumpText("app"))
    }

    @Test func aRunEndsOnceAlthoughTheServerIsKilledInTheMiddle() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        let job = await GatewayFixture.addJob(of: setting.agent, port: setting.database.port, to: setting.store)
        let lock = try setting.holdLock()
        defer { lock.stop() }
        let process = try await setting.start(server)
        defer { process.stop() }
        let id = try await server.order(job)
        try await setting.waitForDump()
        await server.kill()
        try setting.releaseLock()
        let next = try await setting.server(port: server.port)
        defer { next.stop() }
        try await next.waitFor(.success, of: id)
        #expect(await setting.store.ends[id] == 1)
        #expect(process.isRunning)
    }

    @Test func aRunIsCancelled() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, port: setting.database.port, to: setting.store)
        let lock = try setting.holdLock()
        defer { lock.stop() }
        let process = try await setting.start(server)
        defer { process.stop() }
        let id = try await server.order(job)
        try await setting.waitForDump()
        let run = try #require(await setting.store.requestCancel(id))
        try await server.desk.cancel(run)
        try await server.waitFor(.cancelled, of: id)
        let target = try await server.storage.target(job.storageID)
        try await eventually("the upload is gone") { try await target.unfinishedUploads().isEmpty }
    }

    @Test func aBucketServesAsWell() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let seaweed = try await SeaweedFS()
        let place = StorageProfile.S3(
            endpoint: seaweed.endpoint, bucket: SeaweedFS.bucket, prefix: "backups", accessKeyID: SeaweedFS.accessKey)
        let secret = try server.keys.seal(
            Secret(SeaweedFS.secretKey), for: StorageService.place(ofSecretOf: .init("profile")))
        let job = await GatewayFixture.addJob(
            of: setting.agent, port: setting.database.port, place: .s3(place), sealedSecret: secret, to: setting.store)
        let process = try await setting.start(server)
        defer { process.stop() }
        let id = try await server.order(job)
        try await server.waitFor(.success, of: id)
        let target = try await server.storage.target(job.storageID)
        let run = try #require(await setting.store.run(id))
        #expect(try await target.objects.info(try ObjectKey(run.objectKey))?.size == run.stored?.sizeBytes)
        let folder = run.objectKey.split(separator: "/").dropLast().joined(separator: "/")
        #expect(try await target.objects.info(try ObjectKey("\(folder)/\(id).manifest.json")) != nil)
        await server.storage.close()
    }

    @Test func aConnectionIsTriedBeforeItIsSaved() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let target = Target(
            id: "new", engine: .postgresql, host: "127.0.0.1", port: setting.database.port, database: "app",
            username: "owner", password: .inline(Secret(PostgreSQLServer.password)))
        await #expect(throws: DispatchError.notConnected(agent: "agent-web-1")) {
            _ = try await server.desk.test(target, by: setting.agent.id)
        }
        let process = try await setting.start(server)
        defer { process.stop() }
        let result = try await server.desk.test(target, by: setting.agent.id)
        #expect(result.isOK && result.engineVersion.hasPrefix("PostgreSQL"), "\(result)")
        var wrong = target
        wrong.password = .inline(Secret("wrong"))
        #expect(try await server.desk.test(wrong, by: setting.agent.id).isOK == false)
    }
}
