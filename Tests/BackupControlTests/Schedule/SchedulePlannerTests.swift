import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct SchedulePlannerTests {
    private let noon = Records.time("2026-03-01T12:00:00Z")

    private func due(_ job: JobRecord, after time: Date, window: MaintenanceWindow? = nil) throws -> String? {
        try SchedulePlanner(job, window: window).due(after: time).map { UTCTime($0).rfc3339 }
    }

    @Test func aDisabledJobIsNeverDue() throws {
        var job = Records.job()
        #expect(try due(job, after: noon) == "2026-03-02T03:00:00Z")
        job.isEnabled = false
        #expect(try due(job, after: noon) == nil)
        job.isEnabled = true
        job.cron = ""
        #expect(try due(job, after: noon) == nil)
        #expect(try SchedulePlanner(job, window: nil).expectedBy(after: noon) == nil)
        job.cron = "0 3 * *"
        #expect(throws: ControlError.self) { try due(job, after: noon) }
    }

    @Test func jitterIsStableAndSpread() throws {
        var seen: Set<String> = []
        for number in 0..<200 {
            let job = Records.job(id: "job-\(number)", jitter: 600)
            let first = try #require(try SchedulePlanner(job, window: nil).due(after: noon))
            let again = try #require(try SchedulePlanner(job, window: nil).due(after: first))
            let delay = first.timeIntervalSince(Records.time("2026-03-02T03:00:00Z"))
            #expect((0...600).contains(delay) && again.timeIntervalSince(first) == 86_400)
            seen.insert("\(delay)")
        }
        #expect(seen.count > 100, "they begin at many times")
    }

    @Test func aSlotInsideOfTheWindowRunsAtItsEnd() throws {
        let window = try #require(MaintenanceWindow(start: "22:30", end: "04:15"))
        let job = Records.job("*/30 * * * *")
        let planner = try SchedulePlanner(job, window: window)
        #expect(try due(job, after: Records.time("2026-03-01T22:00:00Z"), window: window) == "2026-03-02T04:15:00Z")
        #expect(try due(job, after: Records.time("2026-03-02T01:17:00Z"), window: window) == "2026-03-02T04:15:00Z")
        #expect(try due(job, after: Records.time("2026-03-02T04:15:00Z"), window: window) == "2026-03-02T04:30:00Z")
        let end = Records.time("2026-03-02T04:15:00Z")
        #expect(planner.decide(at: Records.time("2026-03-01T23:59:59Z")) == .wait(until: end))
        #expect(planner.decide(at: Records.time("2026-03-01T22:30:00Z")) == .wait(until: end))
        #expect(planner.decide(at: end) == .run(next: Records.time("2026-03-02T04:30:00Z")))
        // Nothing was due in this window.
        let yearly = Records.job("@yearly")
        #expect(try due(yearly, after: Records.time("2026-03-02T01:17:00Z"), window: window) == "2027-01-01T04:15:00Z")
    }

    /// What the scheduler does, with a clock that somebody sets.
    @Test func clockJumpsLoseAndDoubleNothing() throws {
        let planner = try SchedulePlanner(Records.job("0 * * * *"), window: nil)
        var next = try #require(planner.due(after: noon))
        func runs(at times: [String]) -> [String] {
            times.filter { time in
                let now = Records.time(time)
                guard now >= next, case .run(let after?) = planner.decide(at: now) else { return false }
                next = after
                return true
            }
        }
        // Forward: five slots are one run. Back: nothing is due before its slot comes again.
        #expect(
            runs(at: [
                "2026-03-01T12:59:59Z", "2026-03-01T13:00:00Z", "2026-03-01T18:20:00Z", "2026-03-01T18:20:01Z",
                "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", "2026-03-01T18:59:59Z", "2026-03-01T19:00:05Z",
                "2026-03-01T18:59:59Z", "2026-03-01T19:00:00Z", "2026-03-01T20:00:00Z",
            ]) == ["2026-03-01T13:00:00Z", "2026-03-01T18:20:00Z", "2026-03-01T19:00:05Z", "2026-03-01T20:00:00Z"])
    }

    @Test func aBackupIsExpectedWithItsTimeLimitAndSomeGrace() throws {
        var job = Records.job()
        job.timeout = .seconds(7200)
        job.grace = .seconds(1800)
        #expect(
            try SchedulePlanner(job, window: nil).expectedBy(after: noon) == Records.time("2026-03-02T05:30:00Z"))
    }

    /// At any moment, with any schedule, jitter and window: later than asked for, outside of the window, and never back.
    @Test func dueIsAlwaysLaterAndNeverGoesBack() throws {
        var random = SeededRandom(UInt64.random(in: 0..<1_000_000))
        let crons = ["*/7 * * * *", "@hourly", "30 2 * * *", "0 0 * * mon", "15 */5 1-9 * *", "59 23 31 12 *"]
        let windows = [
            nil, MaintenanceWindow(start: "01:00", end: "05:00"), MaintenanceWindow(start: "23:00", end: "00:30"),
        ]
        for number in 0..<300 {
            let job = Records.job(
                crons[number % crons.count], id: "job-\(number)", jitter: Int.random(in: 0...7200, using: &random))
            let window = windows[number % windows.count]
            let planner = try SchedulePlanner(job, window: window)
            var time = noon.addingTimeInterval(Double(Int.random(in: 0...31_000_000, using: &random)))
            var last = Date.distantPast
            for _ in 0..<30 {
                let due = try #require(planner.due(after: time))
                #expect(due > time && due >= last && window?.end(of: due) == nil, "\(job.cron) after \(time)")
                last = due
                time =
                    Bool.random(using: &random)
                    ? due : time.addingTimeInterval(Double.random(in: 0...9000, using: &random))
                if time > due { last = .distantPast }
            }
        }
    }
}
