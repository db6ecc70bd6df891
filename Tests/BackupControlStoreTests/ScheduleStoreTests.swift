import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// Slots, windows, and runs that are begun again, on both databases.
@Suite struct ScheduleStoreTests {
    private let start = Sample().start

    @Test(arguments: DatabaseKind.allCases)
    func aPausedJobRunsAtTheEndOfItsWindow(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database, dueAt: start)
        var agent = all.agent
        agent.maintenance = MaintenanceWindow(start: "00:00", end: "23:59")
        try await database.updateAgent(agent)
        let (id, end) = (all.sample.runID(), start.addingTimeInterval(600))
        let slots = try await database.makeDueRuns(at: start, limit: 10, id: { _ in id }) { _, window in
            window == nil ? .run(next: nil) : .wait(until: end)
        }
        #expect(slots.isEmpty)
        #expect(try await database.nextDueAt() == end)
        let later = try await database.makeDueRuns(at: end, limit: 10, id: { _ in id }) { _, _ in .run(next: nil) }
        #expect(later.map(\.slotAt) == [end])
        #expect(try await database.nextDueAt() == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aLostRunIsBegunAgainAsOftenAsItsJobSays(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let lost = RunEnding.lost(.init(code: "dispatch.run_forgotten", message: "nobody knows"))
        var run = all.sample.run(all.job)
        try await database.addRun(run)
        for (attempt, delay) in [(2, 60.0), (3, 300)] {
            _ = try await database.finish(run.id, agent: nil, lost, at: start)
            let live = try await database.liveRuns(of: all.agent.id)
            let next = try #require(live.first)
            #expect(live.count == 1 && next.attempt == attempt && next.retryOf == run.id && next.trigger == .retry)
            #expect(next.notBefore == start.addingTimeInterval(delay) && next.slotAt == nil)
            // Again: it has ended, so nothing is made.
            _ = try await database.finish(run.id, agent: nil, lost, at: start)
            #expect(try await database.liveRuns(of: all.agent.id).count == 1)
            run = next
        }
        _ = try await database.finish(run.id, agent: nil, lost, at: start)
        #expect(try await database.liveRuns(of: all.agent.id).isEmpty, "three attempts are enough")

        // One that failed was tried again by its agent, and one that somebody has cancelled is not wanted.
        let failed = all.sample.run(all.job, at: 10)
        try await database.addRun(failed)
        _ = try await database.finish(failed.id, agent: nil, .failed(.init(code: "a.b", message: "no")), at: start)
        let cancelled = all.sample.run(all.job, at: 20)
        try await database.addRun(cancelled)
        try fixture.sql("UPDATE runs SET status = 'running' WHERE id = '\(cancelled.id)'")
        _ = try await database.requestCancel(cancelled.id)
        _ = try await database.finish(cancelled.id, agent: nil, lost, at: start)
        #expect(try await database.liveRuns(of: all.agent.id).isEmpty)
        await database.close()
    }

    /// Somebody renames a job, and meanwhile its slot is run, and its backup comes.
    @Test(arguments: DatabaseKind.allCases)
    func aChangeOfAJobTakesBackNoTimesThatWereWrittenMeanwhile(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let all = try await Installation(database, dueAt: start)
        try fixture.sql("UPDATE jobs SET late_alerted_at = 1")
        var job = try #require(try await database.job(all.job.id))
        let (due, expected) = (start.addingTimeInterval(60), start.addingTimeInterval(600))
        var sample = all.sample
        let id = sample.runID()
        _ = try await database.makeDueRuns(at: start, limit: 1, id: { _ in id }, next: { _ in due })
        _ = try await database.finish(id, agent: nil, .success(Sample.stored), at: start) { _, _ in expected }
        job.name = "renamed"
        try await database.updateJob(job)
        var now = try #require(try await database.job(job.id))
        #expect(now.name == "renamed" && now.nextDueAt == due && now.expectedBy == expected)
        #expect(now.lateAlertedAt == nil)
        // Another schedule has other times.
        now.cron = "0 4 * * *"
        now.nextDueAt = start.addingTimeInterval(7200)
        try await database.updateJob(now)
        #expect(try await database.job(job.id)?.nextDueAt == start.addingTimeInterval(7200))
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func timesThatCantBeAreSetRight(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let right = JobTimes(dueAt: start.addingTimeInterval(100), expectedBy: start.addingTimeInterval(900))
        var odd = all.sample.job(all.target, all.storage, "odd", dueAt: start.addingTimeInterval(1e9))
        odd.expectedBy = start.addingTimeInterval(1e9)
        var early = all.sample.job(all.target, all.storage, "early", dueAt: start)
        early.expectedBy = start
        var manual = all.sample.job(all.target, all.storage, "manual", dueAt: start)
        manual.cron = ""
        for job in [odd, early, manual] { try await database.addJob(job) }
        var (last, pieces): (JobRecord.ID?, Int) = (nil, 0)
        repeat {
            last = try await database.realignJobs(after: last, limit: 2) { job, _ in job.cron.isEmpty ? nil : right }
            pieces += 1
        } while last != nil
        #expect(pieces == 3)
        for id in [all.job.id, odd.id] {
            let job = try await database.job(id)
            #expect(job?.nextDueAt == right.dueAt && job?.expectedBy == right.expectedBy)
        }
        #expect(try await database.job(early.id) == early, "what is due already stays due")
        #expect(try await database.job(manual.id)?.nextDueAt == nil)
        await database.close()
    }
}
