import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// From a mark to the last byte, on both databases.
@Suite struct RetentionStoreTests {
    private let start = Sample().start

    /// A job with so many backups, a day apart, the newest at `start`.
    private func backups(_ database: ControlDatabase, _ all: inout Installation, _ count: Int) async throws
        -> [BackupID]
    {
        var ids: [BackupID] = []
        for age in (0..<count).reversed() {
            let time = start.addingTimeInterval(-86_400 * Double(age))
            let run = RunRecord(
                id: all.sample.runID(at: -86_400 * Double(age)), jobID: all.job.id, agentID: all.agent.id,
                targetID: all.target.id, storageID: all.storage.id, trigger: .schedule, notBefore: time,
                compression: .zstd, engine: .postgresql, createdAt: time)
            try await database.addRun(run)
            _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: time)
            ids.insert(run.id, at: 0)
        }
        return ids
    }

    private func keep(_ database: ControlDatabase, _ all: Installation, _ policy: RetentionPolicy) async throws {
        var job = all.job
        job.retention = policy
        try await database.updateJob(job)
    }

    private func apply(
        _ database: ControlDatabase, _ all: Installation, at time: Date, _ brake: RetentionBrake = .init(share: 1)
    ) async throws -> RetentionStep {
        try await database.applyRetention(to: all.target.id, at: time) { RetentionStep($0, brake: brake, now: time) }
    }

    private func begin(_ database: ControlDatabase, _ all: Installation, at time: Date) async throws -> [BackupID] {
        try await database.beginDeletion(of: all.target.id, at: time) {
            RetentionStep.ripe($0, grace: .seconds(3600), now: time)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func aBackupGoesInTwoSteps(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let ids = try await backups(database, &all, 6)
        #expect(try await database.targetsWithBackups(after: nil, limit: 10) == [all.target.id])
        #expect(try await database.targetsWithBackups(after: all.target.id, limit: 10).isEmpty)
        let preview = try await database.retentionHistory(of: all.target.id, at: start)
        #expect(preview.backups.count == 6 && preview.policies[all.job.id] == all.job.retention)

        try await keep(database, all, .init(days: 0, last: 4))
        #expect(try await apply(database, all, at: start).mark.map(\.backup.id) == Array(ids[4...]))
        #expect(try await begin(database, all, at: start.addingTimeInterval(3599)).isEmpty)
        // The plan wants one of them again.
        try await keep(database, all, .init(days: 0, last: 5))
        #expect(try await apply(database, all, at: start).unmark == [ids[4]])
        let time = start.addingTimeInterval(3600)
        #expect(try await begin(database, all, at: time) == [ids[5]])
        #expect(try await begin(database, all, at: time).isEmpty)
        #expect(try await database.provenRuns(of: all.target.id).count == 5)
        func claim(_ seconds: Double) async throws -> [BackupID] {
            let now = time.addingTimeInterval(seconds)
            return try await database.claimPurges(at: now, triedBefore: now.addingTimeInterval(-900), limit: 10).map(
                \.id)
        }
        #expect(try await claim(0) == [ids[5]])
        #expect(try await claim(10).isEmpty, "somebody is at it")
        #expect(try await claim(900) == [ids[5]])
        #expect(try await claim(-500) == [ids[5]], "the clock was set back")
        await #expect(throws: ControlError.self, "its bytes are there") {
            try fixture.sql("DELETE FROM jobs")
            try await database.deleteStorage(all.storage.id)
        }
        // The store keeps it under a lock.
        let again = time.addingTimeInterval(3600)
        try await database.cancelDeletion(ids[5], again: again)
        #expect(try await database.provenRuns(of: all.target.id).count == 6)
        try await database.addJob(all.job)
        try await keep(database, all, .init(days: 0, last: 5))
        #expect(try await begin(database, all, at: time).isEmpty)
        #expect(try await begin(database, all, at: again) == [ids[5]])
        try await database.setPurged(ids[5], at: time)
        #expect(try await claim(1e6).isEmpty)
        try await database.cancelDeletion(ids[5], again: again)
        #expect(try await database.provenRuns(of: all.target.id).count == 5, "what is gone does not come back")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatIsBeingRestoredStays(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let ids = try await backups(database, &all, 2)
        try await keep(database, all, .init(days: 0, last: 1))
        _ = try await apply(database, all, at: start)
        var restore = RestoreRecord(
            id: all.sample.runID(), runID: ids[1], agentID: all.agent.id, request: .init(targetID: all.target.id),
            createdAt: start)
        try await database.addRestore(restore, sealedSecret: nil)
        let time = start.addingTimeInterval(7200)
        #expect(try await begin(database, all, at: time).isEmpty)
        restore.status = .success
        #expect(try await database.updateRestore(restore, at: time))
        #expect(try await begin(database, all, at: time) == [ids[1]])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aPersonsMarksAreTheirs(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let ids = try await backups(database, &all, 3)
        try await keep(database, all, .init(days: 0, last: 3))
        try await database.markForDeletion([ids[2]], reason: ProvenBackup.askedFor, at: start)
        #expect(try await apply(database, all, at: start).unmark.isEmpty)
        #expect(try await begin(database, all, at: start.addingTimeInterval(3600)) == [ids[2]])
        // All of them: the newest stays.
        try await database.markForDeletion(Array(ids[..<2]), reason: ProvenBackup.askedFor, at: start)
        #expect(try await begin(database, all, at: start.addingTimeInterval(3600)) == [ids[1]])
        #expect(try await database.provenRuns(of: all.target.id).map(\.id) == [ids[0]])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aBrakeStandsUntilSomebodyApproves(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        _ = try await backups(database, &all, 10)
        try await database.addChannel(ChannelRecord(id: all.sample.id(), name: "all", place: .slack, createdAt: start))
        try await keep(database, all, .init(days: 0, last: 2))
        let brake = RetentionBrake()
        #expect(try await database.approveRetention(of: all.target.id, until: start) == false)
        for _ in 0..<2 { #expect(try await apply(database, all, at: start, brake).mark.isEmpty) }
        let stopped = try await database.brakedRetentions()
        #expect(stopped == [BrakedRetention(targetID: all.target.id, at: start, wanted: 8, total: 10)])
        let told = try await database.claimDeliveries(
            replica: "test", until: start.addingTimeInterval(60), at: start, limit: 10, perMinute: 10)
        #expect(told.map(\.notice.kind) == [.retentionBraked], "once a day")
        #expect(try await database.approveRetention(of: all.target.id, until: start.addingTimeInterval(3600)))
        #expect(try await apply(database, all, at: start.addingTimeInterval(1), brake).mark.count == 8)
        let later = start.addingTimeInterval(3601)
        #expect(try await begin(database, all, at: later).count == 8)
        #expect(try await database.retentionHistory(of: all.target.id, at: later).removedRecently == 8)
        #expect(try await apply(database, all, at: later, brake).mark.isEmpty)
        #expect(try await database.brakedRetentions().isEmpty, "it is over")
        await database.close()
    }
}
