import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// Runs: made once, claimed by one, ended once, on both databases.
@Suite struct RunStoreTests {
    private let start = Sample().start

    private func claim(_ database: ControlDatabase, _ replica: String, at seconds: Double = 1) async throws
        -> [RunClaim]
    {
        let time = start.addingTimeInterval(seconds)
        return try await database.claimPending(
            replica: replica, until: time.addingTimeInterval(60), at: time, limit: 1000)
    }

    private func order(_ key: String = "a/b") -> RunOrder {
        RunOrder(
            objectKey: key, uploadID: "up", encryption: .init(keyID: "k1", wrappedKey: [1, 2], formatVersion: 2),
            deadlineAt: start.addingTimeInterval(3600), at: start)
    }

    @Test(arguments: DatabaseKind.allCases)
    func aRunFromItsSlotToItsEnd(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database, dueAt: start)
        let next = start.addingTimeInterval(86400)
        let id = all.sample.runID()
        let slots = try await database.makeDueRuns(at: start, limit: 10, id: { _ in id }, next: { _ in next })
        #expect(slots.count == 1 && slots[0].slotAt == start)
        #expect(try await database.job(all.job.id)?.nextDueAt == next)
        #expect(try await database.makeDueRuns(at: start, limit: 10, id: { _ in id }, next: { _ in next }).isEmpty)

        #expect(try await claim(database, "one").isEmpty, "the agent is not connected")
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        #expect(try await claim(database, "two").isEmpty, "the agent is another's")
        let claims = try await claim(database, "one")
        #expect(claims.map(\.run.id) == [id] && claims[0].job.id == all.job.id && claims[0].target == all.target)
        #expect(try await claim(database, "one").isEmpty, "it is claimed")
        // The lease is over: another claim makes the first one stale.
        let later = try await claim(database, "one", at: 120)
        #expect(later.count == 1 && later[0].fence == claims[0].fence + 1)
        #expect(try await database.dispatch(claims[0], order(), over: 1) == false)
        #expect(try await database.dispatch(later[0], order(), over: 1))
        #expect(try await database.dispatch(later[0], order(), over: 1) == false, "it is sent once")

        let progress = RunProgress(status: .uploading, percent: 40, step: "uploading", bytesDone: 99, at: start)
        #expect(try await database.advance(id, agent: all.agent.id, progress)?.status == .uploading)
        #expect(try await database.run(id)?.step == "uploading")
        let back = RunProgress(status: .running, percent: 50, step: "dumping", bytesDone: 100, at: start)
        #expect(try await database.advance(id, agent: all.agent.id, back)?.status == .uploading, "never backwards")
        #expect(try await database.run(id)?.step == "dumping", "what limits it changes all the time")
        #expect(try await database.advance(id, agent: .init("another"), back) == nil)
        #expect(try await database.finish(id, agent: .init("another"), .cancelled, at: start) == nil)

        let end = try #require(try await database.finish(id, agent: all.agent.id, .success(Sample.stored), at: start))
        #expect(end.isFirst && end.run.status == .success)
        let again = try #require(
            try await database.finish(id, agent: all.agent.id, .failed(.init(code: "x.y", message: "late")), at: next))
        #expect(!again.isFirst && again.run.status == .success)
        let run = try #require(try await database.run(id))
        #expect(run.stored == Sample.stored && run.failure == nil && run.finishedAt == start && run.objectKey == "a/b")
        #expect(run.encryption == .init(keyID: "k1", wrappedKey: [1, 2], formatVersion: 2))
        #expect(try await database.provenRuns(of: all.target.id).map(\.id) == [id])
        let names = try await database.events(after: 0, limit: 100).map(\.event.name)
        #expect(names == ["agent.connected", "job.started", "job.completed"])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aJobNeverOverlapsItself(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database, dueAt: start)
        let manual = all.sample.run(all.job)
        try await database.addRun(manual)
        let second = all.sample.run(all.job)
        await #expect { try await database.addRun(second) } throws: {
            if case ControlError.conflict = $0 { true } else { false }
        }
        let id = all.sample.runID()
        let slots = try await database.makeDueRuns(at: start, limit: 10, id: { _ in id }, next: { _ in nil })
        guard case .skipped = slots.first?.outcome else {
            Issue.record("it was not skipped: \(slots)")
            return
        }
        #expect(try await database.requestCancel(manual.id)?.status == .cancelled, "nobody has heard of it")
        try await database.addRun(second)
        #expect(try await database.liveRuns(of: all.agent.id).map(\.id) == [second.id])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func anAgentGetsNoMoreThanItMayHaveAtOnce(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database, parallel: 2)
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        for number in 0..<5 {
            let job = all.sample.job(all.target, all.storage, "job \(number)")
            try await database.addJob(job)
            try await database.addRun(all.sample.run(job, at: Double(number)))
        }
        let first = try await claim(database, "one", at: 10)
        #expect(first.count == 2)
        #expect(try await claim(database, "one", at: 10).isEmpty)
        #expect(try await database.dispatch(first[0], order(), over: 1))
        _ = try await database.finish(first[0].run.id, agent: all.agent.id, .cancelled, at: start)
        #expect(try await claim(database, "one", at: 11).count == 1)
        try await database.release(first[1], notBefore: start.addingTimeInterval(500))
        #expect(try await claim(database, "one", at: 12).map(\.run.id) != [first[1].run.id])
        await database.close()
    }

    /// Several replicas over one PostgreSQL.
    @Test func everySlotIsRunOnceWhoeverLooks() async throws {
        let fixture = try await DatabaseFixture(.postgresql)
        var replicas: [ControlDatabase] = []
        for _ in 0..<3 { replicas.append(try await fixture.open()) }
        var all = try await Installation(replicas[0], parallel: 1000)
        _ = try await replicas[0].beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        for number in 0..<500 {
            try await replicas[0].addJob(all.sample.job(all.target, all.storage, "job \(number)", dueAt: start))
        }
        let time = start
        let made = try await withThrowingTaskGroup(of: (made: Int, claimed: [BackupID]).self) { group in
            for replica in replicas {
                group.addTask {
                    var (made, claimed): (Int, [BackupID]) = (0, [])
                    for _ in 0..<50 {
                        let slots = try await replica.makeDueRuns(
                            at: time, limit: 17,
                            id: { _ in
                                var random = SystemRandomNumberGenerator()
                                return BackupID(at: time, using: &random)
                            }, next: { _ in time.addingTimeInterval(60) })
                        made += slots.count
                        claimed += try await replica.claimPending(
                            replica: "one", until: time.addingTimeInterval(60), at: time, limit: 13
                        ).map(\.run.id)
                    }
                    return (made, claimed)
                }
            }
            return try await group.reduce(into: (made: 0, claimed: [BackupID]())) {
                $0.made += $1.made
                $0.claimed += $1.claimed
            }
        }
        #expect(made.made == 500)
        #expect(made.claimed.count == 500 && Set(made.claimed).count == 500)
        for replica in replicas { await replica.close() }
    }

    /// In whatever order reports come, a run moves forward and ends once.
    @Test(arguments: DatabaseKind.allCases)
    func reportsInAnyOrder(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database, parallel: 1000)
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        for seed in 0..<30 {
            var random = SeededRandom(UInt64(seed))
            let job = all.sample.job(all.target, all.storage, "job \(seed)")
            try await database.addJob(job)
            let run = all.sample.run(job, at: Double(seed))
            try await database.addRun(run)
            let claim = try #require(try await claim(database, "one", at: 100).first)
            #expect(try await database.dispatch(claim, order(), over: 1))
            var (ends, last) = (0, RunRecord.Status.dispatched)
            for _ in 0..<12 {
                let now: RunRecord?
                if Int.random(in: 0..<5, using: &random) == 0 {
                    let ending = [
                        RunEnding.success(Sample.stored), .cancelled, .failed(.init(code: "a.b", message: "no")),
                    ]
                    .randomElement(using: &random)
                    let end = try await database.finish(
                        run.id, agent: all.agent.id, try #require(ending), at: start)
                    if end?.isFirst == true { ends += 1 }
                    now = end?.run
                } else {
                    let status = try #require(RunRecord.Status.allCases.randomElement(using: &random))
                    now = try await database.advance(
                        run.id, agent: all.agent.id, RunProgress(status: status, percent: 1, bytesDone: 1, at: start))
                }
                let status = try #require(now?.status)
                #expect(status == last || last.mayBecome(status), "\(last) became \(status)")
                last = status
            }
            #expect(ends <= 1 && (ends == 1) == !last.isLive)
            if last.isLive { _ = try await database.finish(run.id, agent: nil, .cancelled, at: start) }
        }
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func listsByAnyFilter(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var ids: [BackupID] = []
        for number in 0..<20 {
            let run = all.sample.run(all.job, at: Double(number))
            try await database.addRun(run)
            let ending: RunEnding = number.isMultiple(of: 2) ? .success(Sample.stored) : .cancelled
            _ = try await database.finish(run.id, agent: nil, ending, at: start)
            ids.append(run.id)
        }
        var filter = RunFilter()
        filter.agentID = all.agent.id
        filter.targetID = all.target.id
        filter.jobID = all.job.id
        filter.status = .success
        filter.from = start.addingTimeInterval(4)
        filter.to = start.addingTimeInterval(12)
        let page = try await database.runs(filter, PageRequest(limit: 3))
        #expect(page.items.map(\.id) == [ids[10], ids[8], ids[6]])
        let rest = try await database.runs(filter, PageRequest(limit: 3, cursor: page.nextCursor))
        #expect(rest.items.map(\.id) == [ids[4]] && rest.nextCursor == nil)
        #expect(try await database.runs(RunFilter(), PageRequest(limit: 100)).items.map(\.id) == ids.reversed())
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func logsAndRestores(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        let lines = (0..<5).map { RunLogLine(at: start, level: "info", message: "line \($0)", fields: ["a": "b"]) }
        try await database.appendLogs(Array(lines[..<2]), to: run.id)
        try await database.appendLogs(Array(lines[2...]), to: run.id)
        let page = try await database.logs(of: run.id, PageRequest(limit: 3))
        #expect(page.items == Array(lines[..<3]))
        #expect(try await database.logs(of: run.id, PageRequest(cursor: page.nextCursor)).items == Array(lines[3...]))
        try await database.pruneLogs(before: start)
        #expect(try await database.logs(of: run.id, PageRequest()).items == lines)
        try await database.pruneLogs(before: start.addingTimeInterval(1))
        #expect(try await database.logs(of: run.id, PageRequest()).items.isEmpty)

        let request = RestoreRecord.Request(targetID: all.target.id, database: "copy", create: true)
        var restore = RestoreRecord(
            id: all.sample.runID(), runID: run.id, agentID: all.agent.id, request: request, createdAt: start)
        try await database.addRestore(restore, sealedSecret: nil)
        #expect(try await database.restore(restore.id) == restore)
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        let claimed = try await database.claimPendingRestores(
            replica: "one", until: start.addingTimeInterval(60), at: start, limit: 10)
        #expect(claimed.map(\.id) == [restore.id])
        restore = claimed[0]
        restore.status = .dispatched
        #expect(try await database.dispatchRestore(restore, over: 0, at: start) == false, "that session is over")
        #expect(try await database.dispatchRestore(restore, over: 1, at: start))
        let latest = start.addingTimeInterval(1)
        #expect(try await database.overdueRestores(begunBefore: start, limit: 10).isEmpty)
        #expect(try await database.overdueRestores(begunBefore: latest, limit: 10).map(\.id) == [restore.id])
        _ = try await database.requestRestoreCancel(restore.id)
        #expect(try await database.cancelRequests(replica: "one", limit: 10) == [.cancel(restore.id)])
        #expect(try await database.cancelRequests(replica: "two", limit: 10).isEmpty)
        restore.isCancelRequested = true
        restore.status = .success
        restore.finishedAt = start
        #expect(try await database.updateRestore(restore, at: start))
        #expect(try await database.updateRestore(restore, at: start) == false, "it has ended")
        #expect(try await database.restore(restore.id) == restore)

        let second = RestoreRecord(
            id: all.sample.runID(at: 1), runID: run.id, agentID: all.agent.id, request: request, createdAt: start)
        try await database.addRestore(second, sealedSecret: nil)
        let cancelled = try #require(try await database.requestRestoreCancel(second.id))
        #expect(cancelled.status == .cancelled && cancelled.finishedAt != nil, "nobody has heard of it")
        #expect(try await database.requestRestoreCancel(second.id) == nil)
        #expect(try await database.restores(PageRequest()).items.map(\.id) == [second.id, restore.id])
        let first = try await database.restores(PageRequest(limit: 1, isOldestFirst: true))
        #expect(first.items.map(\.id) == [restore.id])
        let rest = try await database.restores(PageRequest(limit: 1, cursor: first.nextCursor, isOldestFirst: true))
        #expect(rest.items.map(\.id) == [second.id] && rest.nextCursor == nil)
        let names = try await database.events(after: 0, limit: 100).map(\.event.name)
        #expect(names == ["agent.connected", "restore.completed", "restore.failed"])
        await database.close()
    }
}
