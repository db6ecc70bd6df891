import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Synchronization
import Testing

@testable import BackupServer

/// A store of which somebody takes backups away, and that fails at one moment.
private final class FaultyDeleter: BackupDeleter {
    struct State {
        var manifests: Set<BackupID> = []
        var objects: Set<BackupID> = []
        var locked: Set<BackupID> = []
        var calls = 0
        /// The number of the call that fails; and whether it has done its work before.
        var failing: (call: Int, after: Bool)?
    }

    let state: Mutex<State>

    init(_ ids: [BackupID]) { state = Mutex(State(manifests: Set(ids), objects: Set(ids))) }

    func removeManifest(of run: RunRecord) throws { try remove(run.id, \.manifests) }
    func removeObject(of run: RunRecord) throws { try remove(run.id, \.objects) }

    func isWhole(_ run: RunRecord) -> Bool {
        state.withLock { $0.manifests.contains(run.id) && $0.objects.contains(run.id) }
    }

    private func remove(_ id: BackupID, _ things: WritableKeyPath<State, Set<BackupID>>) throws {
        try state.withLock { state in
            state.calls += 1
            let fails = state.failing.flatMap { $0.call == state.calls ? $0 : nil }
            if let fails, !fails.after { throw TestFailure("the network is gone") }
            guard !state.locked.contains(id) else { throw BackupLocked() }
            state[keyPath: things].remove(id)
            if fails != nil { throw TestFailure("the answer was lost") }
        }
    }
}

@Suite struct RetentionKeeperTests {
    /// Ten daily backups, of which three are kept.
    private func fixture() async throws -> (LoopFixture, [BackupID]) {
        let fixture = try await LoopFixture(at: "2026-03-01T04:00:00Z")
        let job = try await fixture.addJob("0 3 * * *", retention: .init(days: 0, last: 3))
        var ids: [BackupID] = []
        for _ in 0..<10 {
            var random = SystemRandomNumberGenerator()
            let time = fixture.now()
            let run = RunRecord(
                id: BackupID(at: time, using: &random), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
                storageID: job.storageID, trigger: .schedule, notBefore: time, compression: .zstd, engine: .postgresql,
                createdAt: time)
            try await fixture.database.addRun(run)
            _ = try await fixture.database.finish(
                run.id, agent: nil,
                .success(.init(sizeBytes: 1, sha256: "", duration: .seconds(1), validated: .full)), at: time)
            ids.append(run.id)
            fixture.pass(86_400)
        }
        return (fixture, ids)
    }

    private func keeper(_ fixture: LoopFixture, _ deleter: FaultyDeleter, share: Double = 1) -> RetentionKeeper {
        RetentionKeeper(
            store: fixture.database, deleter: deleter, brake: RetentionBrake(share: share), logger: fixture.logger,
            now: fixture.now)
    }

    private func listed(_ fixture: LoopFixture) async throws -> Set<BackupID> {
        Set(try await fixture.database.provenRuns(of: .init("target-1")).map(\.id))
    }

    @Test func whatThePreviewSaysIsDoneADayLater() async throws {
        let (fixture, ids) = try await fixture()
        let deleter = FaultyDeleter(ids)
        let keeper = keeper(fixture, deleter)
        let (plan, isBraked, _) = try await RetentionPreview(store: fixture.database, brake: RetentionBrake(share: 1))
            .preview(of: .init("target-1"), at: fixture.now())
        #expect(!isBraked && plan.remove.map(\.backup.id) == ids.dropLast(3).reversed())
        _ = try await keeper.pass()
        #expect(try await listed(fixture).count == 10 && deleter.state.withLock { $0.calls } == 0, "marked only")
        fixture.pass(86_400)
        _ = try await keeper.pass()
        #expect(try await listed(fixture) == Set(plan.keep.map(\.backup.id)))
        #expect(deleter.state.withLock { $0.objects == Set(ids.suffix(3)) && $0.manifests == Set(ids.suffix(3)) })
        let later = fixture.now().addingTimeInterval(1e6)
        #expect(try await fixture.database.claimPurges(at: later, triedBefore: later, limit: 10).isEmpty)
    }

    /// Whichever call fails, before or after it has done its work: what is listed is there, and in the end all is done.
    @Test(arguments: [false, true])
    func nothingIsListedWhoseBytesAreGone(_ isAfter: Bool) async throws {
        for call in 1...14 {
            let (fixture, ids) = try await fixture()
            let deleter = FaultyDeleter(ids)
            deleter.state.withLock { $0.failing = (call, isAfter) }
            let keeper = keeper(fixture, deleter)
            _ = try await keeper.pass()
            fixture.pass(86_400)
            _ = try await keeper.pass()
            let state = deleter.state.withLock { $0 }
            let listed = try await listed(fixture)
            #expect(listed.isSubset(of: state.objects) && listed.isSubset(of: state.manifests), "call \(call)")
            #expect(state.manifests.isSubset(of: state.objects), "call \(call)")
            fixture.pass(900)
            _ = try await keeper.pass()
            let after = deleter.state.withLock { $0 }
            #expect(after.objects == Set(ids.suffix(3)) && after.manifests == after.objects, "call \(call)")
            await fixture.database.close()
        }
    }

    @Test func whatIsLockedStaysUntilTheLockEnds() async throws {
        let (fixture, ids) = try await fixture()
        let deleter = FaultyDeleter(ids)
        deleter.state.withLock { $0.locked = [ids[2]] }
        let keeper = keeper(fixture, deleter)
        _ = try await keeper.pass()
        fixture.pass(86_400)
        for _ in 0..<2 {
            _ = try await keeper.pass()
            #expect(try await listed(fixture) == Set(ids.suffix(3) + [ids[2]]))
        }
        deleter.state.withLock { $0.locked = [] }
        _ = try await keeper.pass()
        #expect(try await listed(fixture).contains(ids[2]), "a refusal is not asked for again at once")
        fixture.pass(86_400)
        _ = try await keeper.pass()
        #expect(try await listed(fixture) == Set(ids.suffix(3)))
        #expect(deleter.state.withLock { $0.objects } == Set(ids.suffix(3)))
    }

    /// The manifest went, its answer was lost, and then the store refused: it is no backup any more.
    @Test func aLockMakesNoBackupOfWhatIsHalfGone() async throws {
        let (fixture, ids) = try await fixture()
        let deleter = FaultyDeleter(ids)
        deleter.state.withLock { $0.failing = (1, true) }
        let keeper = keeper(fixture, deleter)
        _ = try await keeper.pass()
        fixture.pass(86_400)
        _ = try await keeper.pass()
        deleter.state.withLock { $0.locked = Set(ids) }
        fixture.pass(900)
        _ = try await keeper.pass()
        let state = deleter.state.withLock { $0 }
        #expect(state.objects.subtracting(state.manifests).count == 1)
        #expect(try await listed(fixture).isSubset(of: state.manifests))
    }

    @Test func tooMuchAtOnceStopsAndIsTold() async throws {
        let (fixture, ids) = try await fixture()
        try await fixture.addChannel()
        let keeper = keeper(fixture, FaultyDeleter(ids), share: 0.3)
        let preview = RetentionPreview(store: fixture.database)
        #expect(try await preview.preview(of: .init("target-1"), at: fixture.now()).isBraked)
        for _ in 0..<3 {
            _ = try await keeper.pass()
            fixture.pass(86_400)
        }
        #expect(try await listed(fixture).count == 10)
        #expect(fixture.log.words.contains("retention was stopped"))
        let told = try await fixture.database.claimDeliveries(
            replica: "x", until: fixture.now().addingTimeInterval(9), at: fixture.now(), limit: 10, perMinute: 10)
        #expect(told.map(\.notice.kind) == [.retentionBraked, .retentionBraked, .retentionBraked], "each day")
    }
}
