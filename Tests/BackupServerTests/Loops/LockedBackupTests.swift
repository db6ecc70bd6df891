import BackupControl
import BackupControlStore
import BackupCore
import BackupFormat
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

@testable import BackupServer

/// Retention over a real bucket with S3 Object Lock.
@Suite struct LockedBackupTests {
    private struct Setting {
        let fixture: LoopFixture
        let bucket: LockedBucket
        let server: SeaweedFS
        let storage: StorageService
        let folder: TemporaryFolder
        /// All but the last of them go, when they may.
        let runs: [RunRecord]

        var keeper: RetentionKeeper {
            RetentionKeeper(
                store: fixture.database, deleter: StoredBackups(storage: storage), brake: RetentionBrake(share: 1),
                logger: fixture.logger, now: fixture.now)
        }
        var listed: [BackupID] {
            get async throws { try await fixture.database.provenRuns(of: .init("target-1")).map(\.id).sorted() }
        }
        func paths(of run: RunRecord) throws -> [String] {
            [run.objectKey, try RunKey.manifest(of: run).string].map { "backups/" + $0 }
        }
        func close() async {
            await storage.close()
            await fixture.database.close()
        }
    }

    /// Three backups, of which one is to be kept.
    private func setting() async throws -> Setting {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let folder = try TemporaryFolder()
        let keys = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        let fixture = try await LoopFixture(at: UTCTime(Date()).rfc3339)
        let place = StorageProfile.Place.s3(
            .init(
                endpoint: server.endpoint, bucket: LockedBucket.name, prefix: "backups",
                accessKeyID: SeaweedFS.accessKey))
        let job = try await fixture.addJob(
            "", retention: .init(days: 0, last: 1), place: place,
            sealedSecret: try keys.seal(
                Secret(SeaweedFS.secretKey), for: StorageService.place(ofSecretOf: .init("store-1"))))
        _ = try await fixture.database.beginSession(
            job.agentID, replica: "one", registration: .init(), at: fixture.now())
        let storage = StorageService(
            plans: fixture.database, keys: keys, links: StoreLinks(publicURL: "http://localhost", keys: keys),
            dataDirectory: folder.path)
        var runs: [RunRecord] = []
        for name in ["aaaaaa", "bbbbbb", "cccccc"] {
            runs.append(try await run(name, of: job, fixture, try await storage.target(job.storageID).objects))
        }
        return Setting(
            fixture: fixture, bucket: bucket, server: server, storage: storage, folder: folder, runs: runs)
    }

    private func run(
        _ name: String, of job: JobRecord, _ fixture: LoopFixture, _ objects: any ObjectStore
    ) async throws -> RunRecord {
        let now = fixture.now()
        let id = try BackupID("\(UTCTime(now).compactDate)-\(UTCTime(now).compactTime)-\(name)")
        try await fixture.database.addRun(
            RunRecord(
                id: id, jobID: job.id, agentID: job.agentID, targetID: job.targetID, storageID: job.storageID,
                trigger: .manual, notBefore: now, compression: .zstd, engine: .postgresql, createdAt: now))
        let claim = try #require(
            try await fixture.database.claimPending(replica: "one", until: now + 60, at: now, limit: 1).first)
        let order = RunOrder(
            objectKey: "web/shop/\(id).dump.zst", uploadID: nil, encryption: .init(), deadlineAt: now + 60, at: now)
        #expect(try await fixture.database.dispatch(claim, order, over: 1))
        _ = try await fixture.database.finish(
            id, agent: nil, .success(.init(sizeBytes: 1, sha256: "", duration: .seconds(1), validated: .full)), at: now)
        let run = try #require(try await fixture.database.run(id))
        for key in [try ObjectKey(run.objectKey), try RunKey.manifest(of: run)] {
            _ = try await objects.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
        }
        fixture.pass(60)
        return run
    }

    /// Of the first its object is locked, of the second its manifest: as long as it is, each is a backup, and whole.
    @Test func aLockedBackupStaysUntilItsLockEndsAndThenGoesWithItsVersions() async throws {
        let setting = try await setting()
        let (fixture, bucket) = (setting.fixture, setting.bucket)
        let paths = try setting.runs.map { try setting.paths(of: $0) }
        _ = try await setting.keeper.pass()
        let end = UTCTime(Date() + 20).date
        try bucket.lock(paths[0][0], "COMPLIANCE", until: end)
        try bucket.lock(paths[1][1], "GOVERNANCE", until: end)
        fixture.pass(86_400)
        _ = try await setting.keeper.pass()
        #expect(Date() < end, "the lock was over too early for this test")
        #expect(try await setting.listed == setting.runs.map(\.id))
        for path in paths.joined() { #expect(try bucket.versions(of: path).map(\.isMarker) == [false]) }
        #expect(fixture.log.words.contains("\"locked_until\": \(UTCTime(end).rfc3339)"))

        try await eventually("they go", within: .seconds(60)) {
            fixture.pass(900)
            _ = try await setting.keeper.pass()
            return try await setting.listed == [setting.runs[2].id]
        }
        #expect(Date() >= end)
        for path in paths[0] + paths[1] { #expect(try bucket.versions(of: path).isEmpty) }
        for path in paths[2] { #expect(try bucket.versions(of: path).count == 1) }
        let later = fixture.now() + 1e6
        #expect(try await fixture.database.claimPurges(at: later, triedBefore: later, limit: 10).isEmpty)
        await setting.close()
    }

    /// Somebody has put a marker in front of the locked object: no backup any more, but its bytes are not forgotten. Of the other, a legal
    /// hold is on the manifest.
    @Test func whatIsHiddenOrHeldIsNotForgotten() async throws {
        let setting = try await setting()
        let (fixture, bucket) = (setting.fixture, setting.bucket)
        let paths = try setting.runs.map { try setting.paths(of: $0) }
        _ = try await setting.keeper.pass()
        try bucket.hold(paths[1][1], true)
        let end = UTCTime(Date() + 8).date
        try bucket.lock(paths[0][0], "GOVERNANCE", until: end)
        try await setting.storage.target(.init("store-1")).objects.delete(try ObjectKey(setting.runs[0].objectKey))
        fixture.pass(86_400)
        try await eventually("all of it is gone", within: .seconds(60)) {
            _ = try await setting.keeper.pass()
            fixture.pass(900)
            return try bucket.versions(of: paths[0][0]).isEmpty && bucket.versions(of: paths[0][1]).isEmpty
        }
        #expect(Date() >= end)
        #expect(try await setting.listed == setting.runs.suffix(2).map(\.id))
        #expect(fixture.log.words.contains("\"locked_until\": unknown"))

        try bucket.hold(paths[1][1], false)
        fixture.pass(86_400)
        _ = try await setting.keeper.pass()
        #expect(try await setting.listed == [setting.runs[2].id])
        #expect(try bucket.versions(of: paths[1][1]).isEmpty)
        await setting.close()
    }
}
