import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Synchronization
import Testing

@testable import BackupServer

@Suite struct SchedulerTests {
    private func scheduler(_ fixture: LoopFixture, _ workChanged: @escaping @Sendable () -> Void = {}) -> Scheduler {
        Scheduler(
            runs: fixture.database, schedule: fixture.database, workChanged: workChanged, logger: fixture.logger,
            now: fixture.now)
    }

    private func end(_ fixture: LoopFixture) async throws {
        for run in try await fixture.runs where run.status.isLive {
            _ = try await fixture.database.finish(run.id, agent: nil, .cancelled, at: fixture.now())
        }
    }

    /// Two replicas, and a clock that jumps.
    @Test func everySlotIsRunOnceAndMissedOnesAreOne() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T11:59:00Z")
        _ = try await fixture.addJob("0 * * * *")
        let (one, two) = (scheduler(fixture), scheduler(fixture))
        func look(_ time: String) async throws {
            fixture.set(time)
            async let first = one.pass()
            async let second = two.pass()
            _ = try await (first, second)
            try await end(fixture)
        }
        for time in [
            "2026-03-01T11:59:59Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z",
            // Five hours later; then somebody sets the clock back by seven.
            "2026-03-01T17:30:00Z", "2026-03-01T10:30:00Z", "2026-03-01T12:00:00Z", "2026-03-01T17:00:00Z",
            "2026-03-01T18:00:00Z",
        ] { try await look(time) }
        let slots = try await fixture.runs.map { UTCTime($0.slotAt ?? .distantPast).rfc3339 }
        // The slots between 13:00 and 17:00 come a second time, and only the one that was run already is left out.
        #expect(Set(slots).count == slots.count, "no slot twice")
        #expect(slots.contains("2026-03-01T12:00:00Z") && slots.contains("2026-03-01T13:00:00Z"))
        #expect(slots.contains("2026-03-01T18:00:00Z"))
    }

    @Test func aDayForwardIsOneRunAndAnHourBackDoublesNone() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T11:59:00Z")
        _ = try await fixture.addJob("30 * * * *")
        let scheduler = scheduler(fixture)
        func count(at time: String) async throws -> Int {
            fixture.set(time)
            _ = try await scheduler.pass()
            try await end(fixture)
            return try await fixture.runs.count
        }
        #expect(try await count(at: "2026-03-01T12:30:00Z") == 1)
        #expect(try await count(at: "2026-03-02T12:31:00Z") == 2, "24 slots that were missed are one run")
        #expect(try await count(at: "2026-03-02T12:31:01Z") == 2)
        #expect(try await count(at: "2026-03-02T11:31:00Z") == 2, "an hour back")
        #expect(try await count(at: "2026-03-02T12:29:59Z") == 2)
        _ = try await count(at: "2026-03-02T12:31:00Z")
        let before = try await count(at: "2026-03-02T13:29:59Z")
        #expect(try await count(at: "2026-03-02T13:30:00Z") == before + 1, "the hours go on")
        let slots = try await fixture.runs.map { try UTCTime(#require($0.slotAt)).rfc3339 }
        #expect(Set(slots).count == slots.count, "no slot twice: \(slots)")
    }

    @Test func aLeapDayIsRunWhenItIsThere() async throws {
        let fixture = try await LoopFixture(at: "2027-03-01T00:00:00Z")
        _ = try await fixture.addJob("0 12 29 2 *")
        let scheduler = scheduler(fixture)
        for time in [
            "2028-02-28T12:00:00Z", "2028-02-29T11:59:59Z", "2028-02-29T12:00:00Z", "2028-03-01T12:00:00Z",
            "2029-02-28T12:00:00Z", "2029-03-01T12:00:00Z", "2032-02-29T12:00:00Z",
        ] {
            fixture.set(time)
            _ = try await scheduler.pass()
            try await end(fixture)
        }
        let slots = try await fixture.runs.map { try UTCTime(#require($0.slotAt)).rfc3339 }
        #expect(slots == ["2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"])
    }

    @Test func aPassSaysWhenTheNextJobIsDue() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T11:59:00Z")
        let counter = Counter()
        let one = self.scheduler(fixture) { counter.add() }
        #expect(try await one.pass() == nil)
        _ = try await fixture.addJob("0 * * * *")
        #expect(try await one.pass() == .seconds(60))
        #expect(counter.count == 0)
        fixture.pass(60)
        #expect(try await one.pass() == .seconds(3600))
        #expect(counter.count == 1, "the dispatcher is told")
    }

    @Test func aClockThatWasInTheFutureStopsNoJob() async throws {
        let fixture = try await LoopFixture(at: "2031-03-01T11:59:00Z")
        let job = try await fixture.addJob("0 3 * * *")
        fixture.set("2026-03-01T12:00:00Z")
        _ = try await scheduler(fixture).pass()
        let now = try await fixture.database.job(job.id)
        #expect(now?.nextDueAt == UTCTime(rfc3339: "2026-03-02T03:00:00Z")?.date)
        #expect(now?.expectedBy == UTCTime(rfc3339: "2026-03-02T10:00:00Z")?.date)
    }

    @Test func aLoopWorksWhenItIsTold() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T11:59:59Z")
        let counter = Counter()
        let sql = fixture.database.sql
        let loop = ServerLoop(
            name: "test", topics: ["jobs"], interval: .seconds(3600), pause: .milliseconds(5),
            wakeUps: { sql.wakeUps() }, logger: fixture.logger
        ) {
            counter.add()
            if counter.count == 2 { throw TestFailure("it goes on after this") }
            return nil
        }
        let task = Task { try await loop.run() }
        try await eventually("the first look") { counter.count == 1 }
        // Until its stream is there, what is told is missed; the interval is for that.
        try await eventually("a look after each word") {
            try await fixture.database.sql.write { try $0.wake("jobs") }
            return counter.count >= 3
        }
        let before = counter.count
        try await fixture.database.sql.write { try $0.wake("others") }
        task.cancel()
        try await task.value
        #expect(counter.count <= before + 1, "other topics are not its own")
        #expect(fixture.log.words.contains("test: it could not be done"))
    }

    @Test func aBellIsHeardOnceAndWaitsEnd() async throws {
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait(atMost: .seconds(3600))
        let start = ContinuousClock.now
        await bell.wait(atMost: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(30), "rings before it were one")
        let task = Task { await bell.wait(atMost: .seconds(3600)) }
        task.cancel()
        await task.value
    }
}

/// Counts, from anywhere.
final class Counter: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}
