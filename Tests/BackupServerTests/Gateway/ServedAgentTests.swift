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
                    "BACKUPY_STATE_DIR": folder("state"),
                    "BACKUPY_METRICS_LISTEN_ADDR": "127.0.0.1:\(try FreePort.next())",
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
            try TestTools.product("backupy"), ["verify", "\(objects)/\(id)", "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        let token = try DecryptionTokens(keys: server.keys).token(for: run, subject: "u", at: Date())
        let dump = setting.folder("app.dump")
        let opened = try TestProcess.run(
            try TestTools.product("backupy-decrypt"),
            ["--token", token.revealed, "--in", "\(setting.folder.path)/store/objects/\(run.objectKey)", "--out", dump])
        #expect(opened.status == 0, "\(opened.errors)")
        #expect(try TestProcess.run("/usr/bin/env", ["pg_restore", "-l", dump]).output.contains("TABLE DATA public t"))
        // Under another target's name it is not taken for one of that.
        try FileManager.default.moveItem(
            atPath: "\(setting.folder.path)/store/objects/web-1/shop",
            toPath: "\(setting.folder.path)/store/objects/web-1/other")
        let moved = try TestProcess.run(
            try TestTools.product("backupy"), ["verify", "\(objects)/\(id)", "--json"])
        #expect(moved.status == 1 && moved.errors.contains("pipeline.manifest_mismatch"), "\(moved)")
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
        try await setting.store.addRestore(restore, sealedSecret: nil)
        server.desk.workChanged()
        try await eventually("the restore has ended", within: .seconds(60)) {
            await setting.store.restore(restore.id)?.status.isLive == false
        }
        let ended = try #require(await setting.store.restore(restore.id))
        #expect(ended.status == .success, "\(ended)")
        #expect(try setting.database.dumpText("copy") == setting.database.dumpText("app"))
    }

    @Test
    func aRunEndsOnceAlthoughTheServerIsKilledInTheMiddle() async throws {
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

    // MARK: An agent of before

    /// It knows the tables of the protocol and nothing else: one PUT, v1, the key in the order, no acknowledgements.
    @Test func anOldAgentIsServed() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, to: setting.store)
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
        let id = try await server.order(job)
        let order = try await self.order(agent)
        #expect(order.runID == id.string && order.multipart == nil && order.upload.headers.isEmpty)
        #expect(order.wrappedKey.isEmpty && order.recipients.isEmpty && order.formatVersion <= 1)
        let plain = Array("the dump".utf8)
        let key = try #require(DataKey(order.key.revealed))
        let object = setting.folder("object")
        try Data(sealed(plain, key)).write(to: URL(filePath: object))
        // A report before the object is there is no success.
        var completed = BackupCompleted()
        (completed.jobID, completed.runID, completed.objectKey) = (job.id.string, id.string, order.upload.objectKey)
        let status = try TestProcess.run(
            "/usr/bin/env",
            [
                "curl", "-s", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}", "--cacert",
                try TestAuthority.shared.get().file, "-T", object, order.upload.url.revealed,
            ])
        #expect(status.output == "200")
        var update = JobUpdate()
        (update.jobID, update.status, update.currentStep) = (job.id.string, .running, "uploading")
        agent.send(.jobUpdate(update))
        try await server.waitFor(.uploading, of: id)
        completed.sizeBytes = UInt64(try Data(contentsOf: URL(filePath: object)).count)
        completed.compression = "none"
        agent.send(.backupCompleted(completed))
        agent.send(.backupCompleted(completed))
        try await server.waitFor(.success, of: id)
        #expect(await setting.store.ends[id] == 1)
        let run = try #require(await setting.store.run(id))
        #expect(run.stored?.validated == ReadBack.none && run.encryption.formatVersion == 1)
        let token = try DecryptionTokens(keys: server.keys).token(for: run, subject: "u", at: Date())
        let opened = try TestProcess.run(
            try TestTools.product("backupy-decrypt"),
            ["--token", token.revealed, "--in", object, "--out", setting.folder("dump"), "--verify-sha256=false"])
        let dump = try? String(contentsOfFile: setting.folder("dump"), encoding: .utf8)
        #expect(dump == "the dump", "\(opened.errors)")
    }

    @Test func whatTheStoreDoesNotHoldIsNoSuccess() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, to: setting.store)
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register([.ack])
        let id = try await server.order(job)
        let order = try await self.order(agent)
        var completed = BackupCompleted()
        (completed.jobID, completed.runID, completed.objectKey) = (job.id.string, id.string, order.upload.objectKey)
        completed.sizeBytes = 100
        agent.send(.backupCompleted(completed), correlationID: "end")
        try await server.waitFor(.failed, of: id)
        #expect(await setting.store.run(id)?.failure?.code == "server.object_missing")
        try await eventually("it is acknowledged all the same") { agent.acks == ["end"] }
    }

    @Test func anOrderThatWasNotHeardIsSentAgain() async throws {
        let setting = try await Setting()
        let server = try await setting.server()
        defer { server.stop() }
        let job = await GatewayFixture.addJob(of: setting.agent, to: setting.store)
        let first = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await first.register(AgentDesk.capabilities)
        let id = try await server.order(job)
        let order = try await self.order(first)
        first.hangUp()
        let second = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await second.register(AgentDesk.capabilities)
        let again = try await self.order(second)
        #expect(again.runID == id.string && again.key == order.key && again.wrappedKey == order.wrappedKey)
        #expect(again.upload.objectKey == order.upload.objectKey && again.multipart?.parts.count == 1)
        // Begun, and forgotten: three heartbeats say nothing of it.
        var update = JobUpdate()
        (update.jobID, update.runID, update.status, update.currentStep) = (
            job.id.string, id.string, .running, "dumping"
        )
        second.send(.jobUpdate(update))
        try await server.waitFor(.running, of: id)
        for _ in 0..<3 { second.send(.heartbeat(Heartbeat())) }
        try await server.waitFor(.lost, of: id)
        let target = try await server.storage.target(job.storageID)
        try await eventually("its upload is gone") { try await target.unfinishedUploads().isEmpty }
        // A late report changes nothing.
        var completed = BackupCompleted()
        (completed.jobID, completed.runID) = (job.id.string, id.string)
        second.send(.backupCompleted(completed), correlationID: "late")
        try await eventually("it is acknowledged") { second.acks == ["late"] }
        #expect(await setting.store.run(id)?.status == .lost)
    }

    private func order(_ agent: ScriptedAgent) async throws -> RunBackup {
        try await eventually("the run is ordered") { self.orders(agent).count == 1 }
        return try #require(orders(agent).first)
    }

    private func orders(_ agent: ScriptedAgent) -> [RunBackup] {
        agent.messages.compactMap { if case .runBackup(let run) = $0 { run } else { nil } }
    }

    private func sealed(_ plain: [UInt8], _ key: DataKey) throws -> [UInt8] {
        var sealer = V1Sealer(key: key)
        var stored: [UInt8] = []
        var writer = BlockWriter { block in block.withBytes { stored += $0 } }
        try plain.withUnsafeBytes { try sealer.update($0, into: &writer) }
        try sealer.finish(into: &writer)
        try writer.flush()
        return stored
    }
}
