import BackupCore
import BackupFormat
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The real agent makes the runs that a control plane orders: from a real database into a real store.
@Suite(.serialized) struct AgentRunTests {
    @Test func aRunForRecipients() async throws {
        let agent = try await AgentFixture()
        let process = try await agent.start()
        let identity = X25519Identity.random()
        try await agent.plane.order("20261125-120000-aaaaaa", job: "job") {
            $0.recipients = [identity.recipient.description]
            $0.takesFingerprint = true
        }
        let run = try await agent.end(of: "20261125-120000-aaaaaa", process)
        let completed = try #require(run.completed, "\(run)")
        #expect(completed.validated == .full && completed.formatVersion == 2)
        #expect(completed.engineVersion.hasPrefix("PostgreSQL 15"))
        let manifest = try Manifest.decode(completed.manifest)
        #expect(manifest.storedSize == completed.sizeBytes && manifest.storedSHA256 == completed.sha256)

        // The object is what the message says, and opens with the identity alone.
        let stored = try await bytes(of: run, in: agent)
        #expect(UInt64(stored.count) == completed.sizeBytes)
        let header = try V2Header.parse(prefix: stored)
        #expect(header.identity.run == run.request.runID)
        #expect(throws: Never.self) { try header.open(with: [identity]) }
        #expect(try await agent.plane.store.unfinishedUploads().isEmpty)
        // It was told of the run's acceptance once it was durable.
        #expect(
            agent.plane.peer.messages.contains {
                if case .ack(let ack) = $0 {
                    ack.correlationID == "order-\(run.request.runID)" && ack.isAccepted
                } else {
                    false
                }
            })
        process.stop()
        #expect(process.exitStatus == 0, "\(process.words.suffix(2000))")
        #expect(!process.words.contains(PostgreSQLServer.password) && !process.words.contains("X-Amz-Signature=0"))
    }

    @Test func anOldServerGetsWhatItsTablesSay() async throws {
        let agent = try await AgentFixture(PeerScript())
        let process = try await agent.start()
        let key = [UInt8](repeating: 7, count: 32)
        try await agent.plane.orderOld("6f1ed002-ab5d-4c1f-9d0c-000000000001", job: "job") { $0.key = SecretBytes(key) }
        let run = try await agent.end(of: "6f1ed002-ab5d-4c1f-9d0c-000000000001", process)
        let completed = try #require(run.completed, "\(run)")
        #expect(completed.encryptedKey == key && completed.compression == "zstd")
        let stored = try await bytes(of: run, in: agent)
        #expect(UInt64(stored.count) == completed.sizeBytes)
        let dump = try opened(stored, DataKey(key))
        #expect(dump.starts(with: "PGDMP".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: agent.state).allSatisfy { !$0.contains("spool") })
    }

    @Test func whatIsRefused() async throws {
        let whole = SecretBytes([UInt8](repeating: 1, count: 32))
        let table: [(job: String, key: SecretBytes, code: String)] = [
            ("job", SecretBytes([]), "run.key_missing"), ("job", SecretBytes([1, 2, 3]), "run.key_malformed"),
            ("clear", whole, "run.key_unwanted"), ("other", whole, "run.unknown_job"),
            ("hooks", whole, "agent.hooks_disabled"), ("nowhere", whole, "run.unknown_target"),
        ]
        let agent = try await AgentFixture(jobs: [
            Job(id: "job", targetID: "target"), Job(id: "clear", targetID: "target", isEncrypted: false),
            Job(id: "hooks", targetID: "target", preHooks: ["true"]), Job(id: "nowhere", targetID: "other"),
        ])
        let process = try await agent.start()
        for (number, row) in table.enumerated() {
            try await agent.plane.order("r\(number)", job: row.job) { $0.key = row.key }
            let run = try await agent.end(of: "r\(number)", process)
            #expect(run.failure?.status == .failed && run.failure?.error?.code == row.code, "\(row): \(run)")
            try await eventually("the upload is aborted") { agent.plane.run("r\(number)")?.wasAborted == true }
        }
        #expect(try await agent.plane.store.unfinishedUploads().isEmpty)
    }

    @Test func aWrongPasswordIsNotTriedAgain() async throws {
        let job = Job(id: "job", targetID: "target", retry: Job.Retry(maxAttempts: 3, backoffSeconds: [0]))
        let agent = try await AgentFixture(jobs: [job])
        let process = try await agent.start(["APP_PASSWORD": "wrong-password"])
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        let failure = try #require(try await agent.end(of: "r1", process).failure)
        #expect(failure.attempt == 1 && failure.error?.message.contains("wrong-password") == false, "\(failure)")
        #expect(failure.error?.recovery == "user_action" && failure.error?.hint.isEmpty == false)
    }

    @Test func aRunIsCancelled() async throws {
        let agent = try await AgentFixture()
        // A lock that pg_dump waits for keeps the run going.
        let lock = try agent.holdLock()
        let process = try await agent.start()
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        try await eventually("pg_dump waits") { try agent.waitsForLock() }
        agent.plane.peer.last?.send(.cancelRun(runID: "r1", reason: "a person wants it"))
        let failure = try #require(try await agent.end(of: "r1", process).failure)
        #expect(failure.status == .cancelled && failure.error?.message.contains("a person wants it") == true)
        try await eventually("pg_dump has gone") {
            try agent.database.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0"
        }
        try await eventually("the upload is aborted") { agent.plane.run("r1")?.wasAborted == true }
        lock.stop()
    }

    @Test func aRunTakesTooLong() async throws {
        let agent = try await AgentFixture()
        let file = agent.folder("hooks")
        agent.plane.peer.change { script in
            script.configuration?.jobs = [
                Job(
                    id: "job", targetID: "target", postHooks: ["echo $BACKUPY_STATUS: $BACKUPY_ERROR > \(file)"],
                    timeout: .seconds(1))
            ]
        }
        let lock = try agent.holdLock()
        let process = try await agent.start(["BACKUPY_ALLOW_HOOKS": "true"])
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        let failure = try #require(try await agent.end(of: "r1", process).failure)
        #expect(failure.status == .failed && failure.error?.code == "run.timed_out")
        // A timeout is not a cancellation.
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "failed: the time limit of 1 s is over\n")
        lock.stop()
    }

    @Test func aRunOutlivesItsConnection() async throws {
        let agent = try await AgentFixture()
        let lock = try agent.holdLock()
        let process = try await agent.start()
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        try await eventually("pg_dump waits") { try agent.waitsForLock() }
        agent.plane.peer.last?.reset()
        lock.stop()
        try agent.releaseLock()
        #expect(try await agent.end(of: "r1", process).completed != nil)
        #expect(agent.plane.run("r1")?.ends.count == 1)
    }

    /// The backup is there, and its post-hooks were told so.
    @Test func aCancellationDuringPostHooksComesTooLate() async throws {
        let agent = try await AgentFixture()
        let file = agent.folder("hook")
        agent.plane.peer.change { script in
            script.configuration?.jobs = [
                Job(
                    id: "job", targetID: "target",
                    postHooks: ["echo $BACKUPY_STATUS > \(file); until [ -e \(file).go ]; do sleep 0.1; done"])
            ]
        }
        let process = try await agent.start(["BACKUPY_ALLOW_HOOKS": "true"])
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        try await eventually("the hook runs") { FileManager.default.fileExists(atPath: file) }
        agent.plane.peer.last?.send(.cancelRun(runID: "r1", reason: "too late"))
        agent.plane.peer.last?.send(.runHealthCheck(checkID: "nobody's"))
        try await eventually("the agent has read it") { process.words.contains("nobody's") }
        _ = FileManager.default.createFile(atPath: file + ".go", contents: nil)
        #expect(try await agent.end(of: "r1", process).completed != nil)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "success\n")
        #expect(agent.plane.run("r1")?.wasAborted == false)
    }

    @Test func hooksRunAroundIt() async throws {
        let agent = try await AgentFixture()
        let file = agent.folder("hooks")
        agent.plane.peer.change { script in
            script.configuration?.jobs = [
                Job(
                    id: "job", targetID: "target", preHooks: ["echo before >> \(file)"],
                    postHooks: ["echo after $BACKUPY_STATUS >> \(file)"]),
                Job(
                    id: "bad", targetID: "target", preHooks: ["exit 3"],
                    postHooks: ["echo after $BACKUPY_STATUS >> \(file)"]),
            ]
        }
        let process = try await agent.start(["BACKUPY_ALLOW_HOOKS": "true"])
        let recipients = [X25519Identity.random().recipient.description]
        try await agent.plane.order("r1", job: "job") { $0.recipients = recipients }
        #expect(try await agent.end(of: "r1", process).completed != nil)
        try await agent.plane.order("r2", job: "bad") { $0.recipients = recipients }
        #expect(try await agent.end(of: "r2", process).failure?.error?.code == "agent.hook_failed")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "before\nafter success\nafter failed\n")
    }

    @Test func aBackupIsRestoredIntoAnotherDatabase() async throws {
        let agent = try await AgentFixture()
        let identity = X25519Identity.random()
        let file = agent.folder("identity")
        let policy = agent.folder("policy.json")
        try Data(#"{"references": {"allow": ["env:*", "file:*/identity"]}}"#.utf8).write(to: URL(filePath: policy))
        let process = try await agent.start(["BACKUPY_POLICY_FILE": policy])
        try Data(AgeKeyFile.text(of: identity, created: Date()).utf8).write(to: URL(filePath: file))
        try await agent.plane.order("20261125-120000-aaaaaa", job: "job") {
            $0.recipients = [identity.recipient.description]
        }
        let run = try await agent.end(of: "20261125-120000-aaaaaa", process)
        let completed = try #require(run.completed)
        var restore = RunRestore()
        restore.restoreID = "s1"
        restore.runID = run.request.runID
        restore.target = AgentFixture.target(agent.database, database: "copy", id: "copy")
        restore.download = try agent.plane.download(run)
        restore.manifest = completed.manifest
        restore.sizeBytes = completed.sizeBytes
        restore.sha256 = completed.sha256
        restore.formatVersion = 2
        restore.sourceEngine = .postgresql
        restore.sourceVersion = completed.engineVersion
        restore.identity = SecretReference("file:\(file)")
        restore.options.create = true
        agent.plane.order(restore)
        try await eventually("the restore has ended", within: .seconds(60)) { agent.plane.restore("s1") != nil }
        #expect(agent.plane.restore("s1")?.status == .success, "\(String(describing: agent.plane.restore("s1")))")
        #expect(try agent.database.dumpText("copy") == agent.database.dumpText("app"))

        // Once more into the same database, which isn't empty any more.
        restore.restoreID = "s2"
        restore.options.create = false
        agent.plane.order(restore)
        try await eventually("the restore has ended", within: .seconds(60)) { agent.plane.restore("s2") != nil }
        let refused = try #require(agent.plane.restore("s2"))
        #expect(refused.status == .failed && refused.targetState == "unchanged", "\(refused)")

        // With a key from where the host's owner has put none.
        restore.restoreID = "s3"
        restore.identity = SecretReference("file:\(policy)")
        agent.plane.order(restore)
        try await eventually("the restore has ended", within: .seconds(60)) { agent.plane.restore("s3") != nil }
        let denied = try #require(agent.plane.restore("s3"))
        #expect(denied.status == .failed && denied.error?.code == "agent.denied_by_policy", "\(denied)")
    }

    /// Format v1 does not show frames that are missing; only the SHA-256 does.
    @Test func aRestoreThatNothingProvesSaysSo() async throws {
        let agent = try await AgentFixture()
        let process = try await agent.start()
        let key = SecretBytes([UInt8](repeating: 7, count: 32))
        try await agent.plane.orderOld("r1", job: "job") { $0.key = key }
        let run = try await agent.end(of: "r1", process)
        let completed = try #require(run.completed)
        for (number, sha256) in [completed.sha256, ""].enumerated() {
            var restore = RunRestore()
            restore.restoreID = "s\(number)"
            restore.runID = run.request.runID
            restore.target = AgentFixture.target(agent.database, database: "copy\(number)", id: "copy")
            restore.download = try agent.plane.download(run)
            restore.sizeBytes = completed.sizeBytes
            restore.sha256 = sha256
            restore.formatVersion = 1
            restore.sourceEngine = .postgresql
            restore.sourceVersion = completed.engineVersion
            restore.key = key
            restore.options.create = true
            agent.plane.order(restore)
            try await eventually("the restore has ended", within: .seconds(60)) {
                agent.plane.restore("s\(number)") != nil
            }
            let update = try #require(agent.plane.restore("s\(number)"))
            #expect(update.status == .success && update.error == nil, "\(update)")
            let isDoubted = sha256.isEmpty
            #expect(update.currentStep.contains("without a proof: there was no SHA-256") == isDoubted, "\(update)")
            let warning = process.words.split(separator: "\n").first { $0.contains("restored without a proof") }
            #expect((warning?.contains(#""level":"warn""#) == true) == isDoubted)
            #expect(try agent.database.dumpText("copy\(number)") == agent.database.dumpText("app"))
        }
    }

    // MARK: Parts

    private func bytes(of run: TestControlPlane.Run, in agent: AgentFixture) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let content = try await agent.plane.store.get(ObjectKey(run.request.upload.objectKey), range: nil)
        for try await block in content.bytes { block.withBytes { bytes += $0 } }
        return bytes
    }

    private func opened(_ stored: [UInt8], _ key: DataKey?) throws -> [UInt8] {
        var opener = V1Opener(key: try #require(key))
        var sealed: [UInt8] = []
        var writer = BlockWriter { block in block.withBytes { sealed += $0 } }
        try stored.withUnsafeBytes { try opener.update($0, into: &writer) }
        try opener.finish(into: &writer)
        try writer.flush()
        var decompressor = try Compression.zstd.makeDecompressor()
        var dump: [UInt8] = []
        var last = BlockWriter { block in block.withBytes { dump += $0 } }
        try sealed.withUnsafeBytes { try decompressor.update($0, into: &last) }
        try decompressor.finish(into: &last)
        try last.flush()
        return dump
    }
}
