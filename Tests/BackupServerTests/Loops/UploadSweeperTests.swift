import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
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
}
