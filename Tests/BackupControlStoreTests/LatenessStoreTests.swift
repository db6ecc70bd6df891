import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// What did not happen, on both databases.
@Suite struct LatenessStoreTests {
    private let start = Sample().start

    /// With a channel that wants everything.
    private func installation(_ database: ControlDatabase, expectedBy: Date?) async throws -> Installation {
        var all = try await Installation(database)
        var job = all.job
        job.expectedBy = expectedBy
        try await database.setTimes(of: job)
        try await database.addChannel(
            ChannelRecord(id: all.sample.id(), name: "all", place: .slack, createdAt: start))
        return all
    }

    private func told(_ database: ControlDatabase) async throws -> [Notice] {
        let time = start.addingTimeInterval(1e6)
        return try await database.claimDeliveries(
            replica: "test", until: time.addingTimeInterval(1e6), at: time, limit: 100, perMinute: 1000
        ).map(\.notice)
    }

    @Test(arguments: DatabaseKind.allCases)
    func aLateBackupIsToldOnceAndThenThatItCame(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await installation(database, expectedBy: start)
        let later = start.addingTimeInterval(1)
        func raise(_ database: ControlDatabase) async throws -> [Lateness] {
            try await database.raiseLateness(at: later, limit: 10) { _, _ in nil }
        }
        #expect(try await database.raiseLateness(at: start, limit: 10) { _, _ in nil }.isEmpty, "not before its time")
        // Two replicas look at once.
        let other = try await fixture.open()
        async let one = raise(database)
        async let two = raise(other)
        let late = try await one + two
        #expect(late.map(\.cause.word) == ["agent_gone"] && late[0].facts.job.id == all.job.id)
        #expect(try await raise(database).isEmpty)
        #expect(try await database.job(all.job.id)?.lateAlertedAt == later)
        let next = start.addingTimeInterval(86_400)
        let run = all.sample.run(all.job, at: 5)
        try await database.addRun(run)
        _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: later.addingTimeInterval(1)) {
            _, _ in next
        }
        let job = try await database.job(all.job.id)
        #expect(job?.expectedBy == next && job?.lateAlertedAt == nil)
        #expect(try await told(database).map(\.kind) == [.backupLate, .runRecovered])
        #expect(try await database.events(after: 0, limit: 10).contains { $0.event.name == "job.late" })
        await other.close()
        await database.close()
    }

    /// For the calendar: days without a run that should have had one, until the backup comes.
    @Test(arguments: DatabaseKind.allCases)
    func whatWasMissedIsRememberedByDays(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let midnight = Date(timeIntervalSince1970: (start.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
        // "0 3 * * *", and seven hours for it.
        let slot = midnight.addingTimeInterval(3 * 3600)
        var all = try await installation(database, expectedBy: slot.addingTimeInterval(7 * 3600))
        func missed(_ hours: Double, of job: JobRecord.ID? = nil) async throws -> [Date] {
            try await database.lateSpells(of: job, from: midnight, limit: 10)
                .flatMap { $0.missedDays(at: midnight.addingTimeInterval(hours * 3600)) }
        }
        #expect(try await missed(11).isEmpty, "nobody has looked yet")
        let late = midnight.addingTimeInterval(11 * 3600)
        #expect(try await database.raiseLateness(at: late, limit: 10) { _, _ in nil }.count == 1)
        let days = (0..<4).map { midnight.addingTimeInterval(Double($0) * 86_400) }
        #expect(try await missed(11) == [days[0]])
        #expect(try await missed(24 + 9) == [days[0]], "for the next one there is time")
        #expect(try await missed(48 + 11) == Array(days[0..<3]))
        #expect(try await missed(48 + 11, of: all.job.id).count == 3)
        #expect(try await missed(48 + 11, of: .init("other")).isEmpty)
        // On the second day one fails, and on the third it succeeds.
        for (day, ending) in [(1, RunEnding.failed(.init(code: "x.y", message: "no"))), (2, .success(Sample.stored))] {
            let at = days[day].addingTimeInterval(5 * 3600)
            let run = all.sample.run(all.job, at: at.timeIntervalSince(start))
            try await database.addRun(run)
            _ = try await database.finish(run.id, agent: nil, ending, at: at.addingTimeInterval(60))
        }
        #expect(try await missed(500) == [days[0]])
        #expect(try await database.lateSpells(of: nil, from: days[1], limit: 10).isEmpty)
        // After a year it is forgotten.
        var job = all.job
        job.expectedBy = slot.addingTimeInterval(401 * 86_400)
        try await database.setTimes(of: job)
        _ = try await database.raiseLateness(at: slot.addingTimeInterval(402 * 86_400), limit: 10) { _, _ in nil }
        let left = try await database.lateSpells(of: nil, from: .distantPast, limit: 10)
        #expect(left.count == 1 && left[0].dueAt > days[3])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aBackupThatIsThereIsNotLate(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await installation(database, expectedBy: start.addingTimeInterval(7 * 3600 + 60))
        let run = all.sample.run(all.job, at: 120)
        try await database.addRun(run)
        try fixture.sql("UPDATE runs SET created_at = created_at + 120000")
        _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: start)
        let (later, next) = (start.addingTimeInterval(8 * 3600), start.addingTimeInterval(40 * 3600))
        #expect(try await database.raiseLateness(at: later, limit: 10) { _, _ in next }.isEmpty)
        #expect(try await database.job(all.job.id)?.expectedBy == next)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func anAgentThatIsGoneIsToldOnceAndItsChecksAreUnknown(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await installation(database, expectedBy: nil)
        #expect(try await database.raiseOffline(silentSince: start, at: start, limit: 10).isEmpty, "it was never there")
        _ = try await database.beginSession(all.agent.id, replica: "dead", registration: .init(), at: start)
        let check = HealthCheckRecord(
            id: all.sample.id(), agentID: all.agent.id, name: "shop", kind: .tcp, target: "db:5432", createdAt: start)
        try await database.addHealthCheck(check)
        let found = HealthObservation(checkID: check.id, at: start, isUp: true, latency: .milliseconds(1))
        try await database.recordHealth([found], from: all.agent.id, at: start)
        let time = start.addingTimeInterval(301)
        #expect(try await database.raiseOffline(silentSince: start, at: time, limit: 10).isEmpty)
        let silentSince = start.addingTimeInterval(1)
        #expect(
            try await database.raiseOffline(silentSince: silentSince, at: time, limit: 10).map(\.id) == [all.agent.id])
        #expect(try await database.raiseOffline(silentSince: silentSince, at: time, limit: 10).isEmpty)
        #expect(try await database.agent(all.agent.id)?.isConnected == false, "its replica could not say so")
        #expect(try await database.healthCheck(check.id)?.state == .unknown)
        // Its replica may have been cut off from the database, and the agent connected all the time: it is given its runs.
        try await database.addRun(all.sample.run(all.job))
        let claims = try await database.claimPending(
            replica: "dead", until: time.addingTimeInterval(60), at: time, limit: 10)
        #expect(claims.count == 1)
        #expect(try await database.raiseOnline(at: time, limit: 10).isEmpty)
        _ = try await database.beginSession(
            all.agent.id, replica: "two", registration: .init(), at: time.addingTimeInterval(5))
        #expect(try await database.raiseOnline(at: time.addingTimeInterval(6), limit: 10).map(\.id) == [all.agent.id])
        #expect(try await database.raiseOnline(at: time.addingTimeInterval(6), limit: 10).isEmpty)
        #expect(try await told(database).map(\.kind) == [.agentOffline, .agentOnline])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aTimeWithoutAnyServerIsNamedAsTheCause(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let all = try await installation(database, expectedBy: start.addingTimeInterval(7 * 3600))
        let silence = Duration.seconds(300)
        #expect(try await database.beat(at: start.addingTimeInterval(-60), silence: silence) == nil)
        #expect(try await database.beat(at: start.addingTimeInterval(200), silence: silence) == nil)
        let gap = ServerGap(from: start.addingTimeInterval(200), to: start.addingTimeInterval(9 * 3600))
        #expect(try await database.beat(at: gap.to, silence: silence) == gap)
        #expect(try await database.beat(at: gap.to, silence: silence) == nil)
        let late = try await database.raiseLateness(at: gap.to, limit: 10) { _, _ in nil }
        #expect(
            late.map(\.cause) == [.serverDown(from: gap.from, to: gap.to)] && late[0].facts.agent.id == all.agent.id)
        #expect(try await Set(told(database).map(\.kind)) == [.serverWasDown, .backupLate])
        // Nobody could write down whom he saw: only after a while it is known who is gone.
        let after = gap.to.addingTimeInterval(30)
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        #expect(
            try await database.raiseOffline(silentSince: after.addingTimeInterval(-300), at: after, limit: 10).isEmpty)
        let later = gap.to.addingTimeInterval(301)
        #expect(
            try await database.raiseOffline(silentSince: later.addingTimeInterval(-300), at: later, limit: 10).count
                == 1)
        // A replica whose clock is ahead by some minutes makes no gaps.
        for seconds in stride(from: 0.0, to: 300, by: 60) {
            let ahead = gap.to.addingTimeInterval(400 + seconds)
            #expect(try await database.beat(at: gap.to.addingTimeInterval(seconds), silence: silence) == nil)
            if seconds == 0 { _ = try await database.beat(at: ahead, silence: .seconds(100_000)) }
            #expect(try await database.beat(at: ahead, silence: silence) == nil)
        }
        // The clock was set back.
        #expect(try await database.beat(at: start, silence: silence) == nil)
        #expect(try await database.beat(at: start.addingTimeInterval(30), silence: silence) == nil)
        await database.close()
    }
}
