import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupServer

@Suite struct UploadSweeperTests {
    @Test func uploadsThatNobodyWillCompleteAreAborted() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        let folder = try TemporaryFolder()
        let keys = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        let links = StoreLinks(publicURL: "http://localhost", keys: keys)
        let store = EmbeddedStore(profile: job.storageID, root: folder("store"), links: links)
        // A live run, one that has ended, one that nobody has known for a day, and one that nobody knows yet.
        let names = [
            "20260301-110000-aaaaaa", "20260301-110000-bbbbbb", "20260228-115959-cccccc", "20260301-110000-dddddd",
        ]
        for (name, isLive) in [(names[1], false), (names[0], true)] {
            let run = RunRecord(
                id: try BackupID(name), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
                storageID: job.storageID, trigger: .manual, notBefore: fixture.now(), compression: .zstd,
                engine: .postgresql, createdAt: fixture.now())
            try await fixture.database.addRun(run)
            if !isLive { _ = try await fixture.database.finish(run.id, agent: nil, .cancelled, at: fixture.now()) }
        }
        var keysOfUploads: [String] = []
        for name in names + ["somebody-elses"] {
            keysOfUploads.append("web/shop/2026/03/01/\(name).dump.zst")
            _ = try await store.begin(try ObjectKey(keysOfUploads[keysOfUploads.count - 1]))
        }
        let sweeper = UploadSweeper(
            plans: fixture.database, runs: fixture.database, target: { _ in store }, logger: fixture.logger,
            now: fixture.now)
        _ = try await sweeper.pass()
        let left = Set(try await store.unfinishedUploads().map(\.key))
        #expect(left == Set([keysOfUploads[0], keysOfUploads[3], keysOfUploads[4]]))
        await fixture.database.close()
    }

    private struct Outage: Error {}

    @Test func whatAFailedRunHasLeftIsTakenAwayWhenItsStoreIsBack() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        let folder = try TemporaryFolder()
        let keys = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        let store = EmbeddedStore(
            profile: job.storageID, root: folder("store"), links: StoreLinks(publicURL: "http://localhost", keys: keys))
        let run = RunRecord(
            id: try BackupID("20260301-110000-aaaaaa"), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: fixture.now(), compression: .zstd,
            engine: .postgresql, createdAt: fixture.now())
        let object = try ObjectKey("web/shop/2026/03/01/\(run.id).dump.zst")
        let database = fixture.database
        try await database.addRun(run)
        try await database.sql.write { connection in
            try connection.run("UPDATE runs SET object_key = ?", [.text(object.string)])
        }
        _ = try await database.finish(run.id, agent: nil, .failed(.init(code: "x.y", message: "z")), at: fixture.now())
        let kept = try #require(try await database.run(run.id))
        let keysOfObjects = [object, try RunKey.manifest(of: kept), try ObjectKey("web/shop/somebody-elses")]
        for key in keysOfObjects { _ = try await store.objects.put(key, from: SmallStream.of([1, 2, 3]), sizeHint: 3) }

        let isGone = Mutex(true)
        let sweeper = UploadSweeper(
            plans: database, runs: database,
            target: { _ in
                if isGone.withLock({ $0 }) { throw Outage() }
                return store
            }, logger: fixture.logger, now: fixture.now)
        func left() async throws -> [Bool] {
            var left: [Bool] = []
            for key in keysOfObjects { left.append(try await store.objects.info(key) != nil) }
            return left
        }
        // At once it is the work of who has ended it.
        _ = try await sweeper.pass()
        #expect(!fixture.log.words.contains("is still there"))
        fixture.pass(3600)
        _ = try await sweeper.pass()
        #expect(fixture.log.words.contains("is still there"))
        #expect(try await left() == [true, true, true])
        isGone.withLock { $0 = false }
        fixture.pass(3600)
        _ = try await sweeper.pass()
        #expect(try await left() == [false, false, true])
        // Its URL may still be good: what comes by that goes as well, and only then it counts as gone.
        func cleared() async throws -> Date? {
            try await database.sql.read { try $0.row("SELECT purged_at FROM runs")?.optionalDate("purged_at") }
        }
        #expect(try await cleared() == nil)
        _ = try await store.objects.put(object, from: SmallStream.of([1, 2, 3]), sizeHint: 3)
        fixture.pass(8 * 86_400)
        _ = try await sweeper.pass()
        #expect(try await left() == [false, false, true])
        #expect(try await cleared() == fixture.now())
        await database.close()
    }
}
