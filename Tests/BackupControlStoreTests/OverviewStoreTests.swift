import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// What an overview counts, and the plan's writes that belong together, on both databases.
@Suite struct OverviewStoreTests {
    @Test(arguments: DatabaseKind.allCases)
    func itCountsWhatIsThere(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let now = Sample().start
        #expect(try await database.overview(at: now) == Overview())
        var all = try await Installation(database)
        let endings: [RunEnding] = [
            .success(Sample.stored), .failed(.init(code: "x", message: "x")), .cancelled, .success(Sample.stored),
            .lost(.init(code: "x", message: "x")),
        ]
        for (number, ending) in endings.enumerated() {
            // The first ended more than a day ago.
            let time = number == 0 ? now.addingTimeInterval(-86_401) : now
            let run = all.sample.run(all.job, at: Double(number))
            try await database.addRun(run)
            _ = try await database.finish(run.id, agent: nil, ending, at: time)
        }
        // What was lost is begun again: that one is live.
        var job = all.job
        job.expectedBy = now
        try await database.setTimes(of: job)
        let good = try await database.overview(at: now)
        #expect(good.targets == 1 && good.protectedTargets == 1 && good.agents == 1 && good.connectedAgents == 0)
        #expect(good.runs.succeeded == 1 && good.runs.failed == 2 && good.runs.cancelled == 1 && good.runs.live == 1)
        #expect(good.runs.storedBytes == 1000 && good.lateJobs == 0 && good.late.isEmpty)
        job.lateAlertedAt = now
        try await database.setTimes(of: job)
        let late = try await database.overview(at: now)
        #expect(late.protectedTargets == 0 && late.lateJobs == 1)
        #expect(
            late.late == [
                .init(jobID: job.id, name: job.name, agentID: job.agentID, targetID: job.targetID, expectedBy: now)
            ])
        job.isEnabled = false
        try await database.updateJob(job)
        #expect(try await database.overview(at: now).lateJobs == 0, "nobody expects anything of it")
        await database.close()
    }

    /// It is asked by every page that is open: never all jobs for each target.
    @Test func whatItAsksOfEachTargetGoesByAnIndex() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        let steps = try await database.sql.read { connection in
            try connection.rows("EXPLAIN QUERY PLAN \(Overview.counting)", []).map { try $0.text("detail") }
        }
        #expect(steps.filter { $0.hasPrefix("SEARCH jobs USING INDEX jobs_by_target") }.count == 2, "\(steps)")
        #expect(!steps.contains { $0.hasPrefix("SCAN runs") }, "\(steps)")
        await database.close()
    }

    /// A report, a new target, a changed one and one that is gone: the count is right after each.
    @Test(arguments: DatabaseKind.allCases)
    func whatWasFoundCountsUntilItIsATarget(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let other = try await Installation(database, agent: "other")
        func known() async throws -> [Int] {
            let overview = try await database.overview(at: all.sample.start)
            return [overview.targets, overview.databases]
        }
        #expect(try await known() == [2, 2])
        let found = ["db", "crm", "wiki"].map { FoundContainer(id: $0, name: $0, engine: "postgresql") }
        try await database.setDiscovered(all.agent.id, found)
        #expect(try await known() == [2, 4], "one is a target already")
        try await database.setDiscovered(other.agent.id, [found[1]])
        #expect(try await known() == [2, 5], "another host's is another")
        var target = all.sample.target(all.agent, "crm")
        target.host = "crm"
        try await database.addTarget(target)
        #expect(try await known() == [3, 5])
        target.host = "elsewhere"
        try await database.updateTarget(target)
        #expect(try await known() == [3, 6])
        try await database.deleteTarget(target.id)
        #expect(try await known() == [2, 5])
        let second = all.sample.target(all.agent, "second")
        try await database.addTarget(second, with: all.sample.job(second, all.storage, "second nightly"))
        #expect(try await known() == [3, 6], "the same host as the first target")
        try await database.setDiscovered(all.agent.id, [])
        #expect(try await known() == [3, 4])
        try await database.deleteAgent(other.agent.id)
        #expect(try await known() == [2, 2])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aTargetComesWithItsJobOrNotAtAll(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let target = all.sample.target(all.agent, "found")
        await #expect(throws: ControlError.conflict("a job named 'nightly' is there already")) {
            try await database.addTarget(target, with: all.sample.job(target, all.storage))
        }
        #expect(try await database.target(target.id) == nil)
        let job = all.sample.job(target, all.storage, "found nightly")
        try await database.addTarget(target, with: job)
        #expect(try await database.target(target.id) == target)
        #expect(try await database.job(job.id) == job)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatIsTurnedOffIsToldNowhere(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let now = Sample().start
        try await database.addChannel(
            ChannelRecord(id: .init("c1"), name: "ops", place: .slack, createdAt: now))
        #expect(try await database.mutedKinds().isEmpty)
        for kinds: Set<Notice.Kind> in [[.agentOnline], [.agentOnline, .checkUp]] {
            try await database.setMutedKinds(kinds)
            #expect(try await database.mutedKinds() == kinds)
        }
        for (number, kind) in [Notice.Kind.agentOnline, .checkUp, .runFailed].enumerated() {
            try await database.addNotice(Notice(kind, "t", [], at: now, dedupKey: "\(number)"))
        }
        let told = try await database.claimDeliveries(
            replica: "x", until: now.addingTimeInterval(9), at: now, limit: 10, perMinute: 10)
        #expect(told.map(\.notice.kind) == [.runFailed])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aPersonsMarkTakesThePlaceOfAPolicys(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let (run, start) = (all.sample.run(all.job), all.sample.start)
        try await database.addRun(run)
        _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: start)
        for (reason, seconds, marked) in [
            ("policy", 0.0, 0.0), ("policy", 5, 0), (ProvenBackup.askedFor, 10, 10), (ProvenBackup.askedFor, 20, 10),
        ] {
            try await database.markForDeletion([run.id], reason: reason, at: start.addingTimeInterval(seconds))
            let now = try #require(try await database.run(run.id))
            #expect(now.deleteReason == reason && now.deleteMarkedAt == start.addingTimeInterval(marked))
        }
        await database.close()
    }
}
