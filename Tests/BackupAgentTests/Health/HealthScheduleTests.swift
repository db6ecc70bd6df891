@testable import BackupAgent
import BackupCore
import Testing

@Suite struct HealthScheduleTests {
    private let start = ContinuousClock.now

    private func check(_ id: String, every seconds: Int = 60) -> HealthCheck {
        HealthCheck(id: id, kind: .tcp, target: "h:1", interval: .seconds(seconds))
    }

    private func ids(_ schedule: inout HealthSchedule, at seconds: Int, limit: Int = 99) -> [String] {
        schedule.start(now: start + .seconds(seconds), limit: limit).map(\.id)
    }

    @Test func checksBeginSpreadAndKeepTheirRhythm() {
        var schedule = HealthSchedule()
        var spread = [0.5, 0.0].makeIterator()
        #expect(schedule.apply([check("a"), check("b")], now: start) { spread.next() ?? 0 } == 0)
        #expect(schedule.nextDue == start && ids(&schedule, at: 0) == ["b"])
        #expect(ids(&schedule, at: 29) == [] && ids(&schedule, at: 30) == ["a"])
        #expect(ids(&schedule, at: 1000) == [], "what runs does not overlap itself")
        #expect(schedule.nextDue == nil)
        #expect(schedule.finish(check("b"), now: start + .seconds(5)) == true)
        #expect(schedule.nextDue == start + .seconds(60))
        // One that took longer than its interval doesn't run twice at once.
        #expect(schedule.finish(check("a"), now: start + .seconds(300)) == true)
        #expect(ids(&schedule, at: 300) == ["b"] && ids(&schedule, at: 359) == [] && ids(&schedule, at: 360) == ["a"])
    }

    @Test func aConfigurationLeavesWhatItDoesNotChangeAlone() {
        var schedule = HealthSchedule()
        _ = schedule.apply([check("a"), check("b"), check("c")], now: start) { 0.5 }
        _ = schedule.apply([check("a"), check("b", every: 10), check("d")], now: start + .seconds(10)) { 0.5 }
        #expect(ids(&schedule, at: 10) == ["b"], "a changed one is due at once")
        #expect(ids(&schedule, at: 30) == ["a"], "an unchanged one keeps its time")
        #expect(ids(&schedule, at: 40) == ["d"])
        // Of one that was changed or taken away meanwhile, the result doesn't count.
        _ = schedule.apply([check("a", every: 5)], now: start + .seconds(41)) { 0 }
        #expect(schedule.finish(check("a"), now: start + .seconds(42)) == false)
        #expect(schedule.finish(check("d"), now: start + .seconds(42)) == false)
        #expect(ids(&schedule, at: 42) == ["a"], "and the changed one follows")
    }

    @Test func oneThatGoesAndComesBackDoesNotOverlapItself() {
        var schedule = HealthSchedule()
        _ = schedule.apply([check("a")], now: start) { 0 }
        #expect(ids(&schedule, at: 0) == ["a"])
        _ = schedule.apply([], now: start) { 0 }
        #expect(schedule.want("a") == false && schedule.nextDue == nil)
        _ = schedule.apply([check("a")], now: start) { 0 }
        #expect(ids(&schedule, at: 1000) == [])
        #expect(schedule.finish(check("a"), now: start + .seconds(1000)) == true)
        #expect(ids(&schedule, at: 1060) == ["a"])
        _ = schedule.apply([], now: start) { 0 }
        #expect(schedule.finish(check("a"), now: start) == false && schedule.finish(check("a"), now: start) == false)
    }

    @Test func oneCanBeAskedForNow() {
        var schedule = HealthSchedule()
        _ = schedule.apply([check("a")], now: start) { 0.9 }
        #expect(!schedule.want("b") && schedule.want("a"))
        #expect(ids(&schedule, at: 0) == ["a"] && ids(&schedule, at: 0) == [])
        #expect(schedule.want("a") && ids(&schedule, at: 0) == [])
        #expect(schedule.finish(check("a"), now: start) == true)
        #expect(ids(&schedule, at: 0) == ["a"], "asked for while it ran")
    }

    @Test func thereAreLimits() {
        var schedule = HealthSchedule()
        let many = (0..<300).map { check("c\($0)", every: 0) }
        #expect(schedule.apply(many + [check("c1")], now: start) { 0 } == 45)
        #expect(ids(&schedule, at: 0, limit: 16).count == 16 && ids(&schedule, at: 0, limit: 999).count == 240)
        #expect(schedule.finish(many[0], now: start) && schedule.nextDue == start + .seconds(1))
    }
}
