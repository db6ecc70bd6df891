import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct RetentionPlannerTests {
    private let now = Records.time("2026-03-11T12:00:00Z")

    private func backup(_ time: String, job: String = "a") throws -> ProvenBackup {
        let at = Records.time(time)
        var random = SystemRandomNumberGenerator()
        return ProvenBackup(id: BackupID(at: at, using: &random), jobID: .init(job), at: at, sizeBytes: 1)
    }

    private func kept(_ policy: RetentionPolicy, _ times: [String]) throws -> [String] {
        let backups = try times.map { try backup($0) }
        return RetentionPlanner(policies: [.init("a"): policy], now: now).plan(backups).keep
            .map { UTCTime($0.backup.at).rfc3339 }
    }

    @Test func eachRuleKeepsTheNewestOfItsSpans() throws {
        let times = [
            "2026-03-11T11:30:00Z", "2026-03-11T11:00:00Z", "2026-03-11T02:00:00Z", "2026-03-10T23:59:59Z",
            "2026-03-09T00:00:00Z", "2026-03-08T23:59:59Z", "2026-03-02T00:00:00Z", "2026-02-28T12:00:00Z",
            "2026-01-05T00:00:00Z", "2025-12-29T00:00:00Z", "2025-12-28T00:00:00Z", "2024-12-30T00:00:00Z",
        ]
        func places(_ policy: RetentionPolicy) throws -> [Int] {
            try kept(policy, times.shuffled()).map { try #require(times.firstIndex(of: $0)) }
        }
        #expect(try places(.init(days: 0, last: 2)) == [0, 1])
        #expect(try places(.init(days: 0, hourly: 3)) == [0, 2, 3])
        #expect(try places(.init(days: 0, daily: 4)) == [0, 3, 4, 5])
        // ISO weeks: Monday is March 9 and March 2; December 29, 2025 is in the first week of 2026.
        #expect(try places(.init(days: 0, weekly: 3)) == [0, 5, 7])
        #expect(try places(.init(days: 0, weekly: 6)) == [0, 5, 7, 8, 9, 10])
        #expect(try places(.init(days: 0, monthly: 3)) == [0, 7, 8])
        #expect(try places(.init(days: 0, yearly: 9)) == [0, 9, 11])
        #expect(try places(.init(days: 3)) == [0, 1, 2, 3, 4, 5])
        #expect(try places(.init(days: 1, monthly: 2)) == [0, 1, 2, 3, 7])
        #expect(try places(.everything) == Array(times.indices))
        #expect(try kept(.init(days: 1), Array(times.suffix(2))) == [times[10]], "the newest stays, whatever its age")
    }

    @Test func reasonsAndWhyAreTold() throws {
        let backups = [try backup("2026-03-11T11:30:00Z"), try backup("2026-03-11T11:00:00Z")]
        let plan = RetentionPlanner(policies: [.init("a"): .init(days: 0, last: 1, daily: 7)], now: now).plan(backups)
        #expect(plan.keep.map(\.reasons) == [[.newest, .last, .period(.day)]])
        #expect(plan.remove.map(\.why) == ["none of the job's rules wants it (1 last, 7 daily)"])
    }

    @Test func aJobIsJudgedByItsOwnPolicy() throws {
        let backups = [
            try backup("2026-03-11T00:00:00Z", job: "a"), try backup("2026-03-10T00:00:00Z", job: "a"),
            try backup("2026-03-09T00:00:00Z", job: "b"), try backup("2026-03-08T00:00:00Z", job: "b"),
            try backup("2026-03-07T00:00:00Z", job: "gone"),
        ]
        let policies: [JobRecord.ID: RetentionPolicy] = [
            .init("a"): .init(days: 0, last: 1), .init("b"): .init(days: 0, last: 5),
        ]
        let plan = RetentionPlanner(policies: policies, now: now).plan(backups)
        #expect(plan.remove.map(\.backup.id) == [backups[1].id])
        #expect(plan.keep.last?.reasons == [.jobGone])
    }

    @Test func whatAPersonHasMarkedGoesAndProtectsNothing() throws {
        var newest = try backup("2026-03-11T00:00:00Z")
        newest.markedAt = now
        newest.markedWhy = ProvenBackup.askedFor
        let older = try backup("2026-03-10T00:00:00Z")
        let planner = RetentionPlanner(policies: [.init("a"): .init(days: 0, last: 1)], now: now)
        #expect(planner.plan([newest, older]).keep.map(\.backup.id) == [older.id])
        #expect(planner.plan([newest, older]).remove.map(\.why) == [ProvenBackup.askedFor])
        #expect(planner.plan([newest]).keep.map(\.backup.id) == [newest.id], "the only one never goes")
    }

    @Test func theNewestThatWasReadBackStaysToo() throws {
        let at = Records.time("2026-03-11T00:00:00Z")
        let unread = ProvenBackup(
            id: try BackupID("20260311-000000-000000"), jobID: .init("a"), at: at, sizeBytes: 1, isReadBack: false)
        let read = try backup("2026-01-01T00:00:00Z")
        let plan = RetentionPlanner(policies: [.init("a"): .init(days: 0, last: 1)], now: now).plan([read, unread])
        #expect(plan.keep.map(\.reasons) == [[.newest, .last], [.newestReadBack]])
    }
}

/// Whatever the history and the policy.
@Suite struct RetentionPropertyTests {
    private let now = Records.time("2026-03-11T12:00:00Z")
    private let grace = 86_400.0

    private func policy(_ random: inout SeededRandom) -> RetentionPolicy {
        func count() -> Int { Bool.random(using: &random) ? 0 : Int.random(in: 0...12, using: &random) }
        return RetentionPolicy(
            days: count() * 9, last: count(), hourly: count(), daily: count(), weekly: count(), monthly: count(),
            yearly: count())
    }

    private func history(_ random: inout SeededRandom) -> RetentionHistory {
        let spans: [Double] = [3600, 86_400, 2_592_000, 77_760_000]
        let span = spans.randomElement(using: &random) ?? 3600
        let backups = (0..<Int.random(in: 1...120, using: &random)).map { _ in
            let at = now.addingTimeInterval(-Double.random(in: 0...span, using: &random))
            var backup = ProvenBackup(
                id: BackupID(at: at, using: &random), jobID: .init("job-\(Int.random(in: 0...2, using: &random))"),
                at: at,
                sizeBytes: 1, isReadBack: Bool.random(using: &random))
            if Int.random(in: 0...4, using: &random) == 0 {
                backup.markedAt = now.addingTimeInterval(-Double.random(in: 0...200_000, using: &random))
                backup.markedWhy = Bool.random(using: &random) ? ProvenBackup.askedFor : "none of the rules"
            }
            return backup
        }
        var policies: [JobRecord.ID: RetentionPolicy] = [:]
        for job in 0...1 { policies[.init("job-\(job)")] = policy(&random) }
        return RetentionHistory(targetID: .init("t"), backups: backups, policies: policies)
    }

    @Test func theNewestStays() throws {
        for seed in 0..<400 {
            var random = SeededRandom(UInt64(seed))
            let history = history(&random)
            let plan = RetentionPlanner(policies: history.policies, now: now).plan(history.backups)
            #expect(plan.keep.count + plan.remove.count == history.backups.count)
            #expect(plan.keep.allSatisfy { !$0.reasons.isEmpty } && !plan.keep.isEmpty)
            let staying = history.backups.filter { !$0.isAskedFor }
            let newest = try #require((staying.isEmpty ? history.backups : staying).map(\.at).max())
            #expect(plan.keep.contains { $0.backup.at == newest }, "seed \(seed)")
            if let read = staying.filter(\.isReadBack).map(\.at).max() {
                #expect(plan.keep.contains { $0.backup.at == read }, "seed \(seed)")
            }
        }
    }

    /// A policy that wants more keeps all that it kept before.
    @Test func keepingIsMonotone() {
        for seed in 0..<400 {
            var random = SeededRandom(UInt64(seed))
            let history = history(&random)
            let kept = Set(
                RetentionPlanner(policies: history.policies, now: now).plan(history.backups).keep.map(\.backup.id))
            var policies = history.policies
            for (job, policy) in policies where policy != .everything {
                func more(_ count: Int) -> Int { count + Int.random(in: 0...3, using: &random) }
                policies[job] = RetentionPolicy(
                    days: more(policy.days), last: more(policy.last), hourly: more(policy.hourly),
                    daily: more(policy.daily), weekly: more(policy.weekly), monthly: more(policy.monthly),
                    yearly: more(policy.yearly))
            }
            let after = Set(RetentionPlanner(policies: policies, now: now).plan(history.backups).keep.map(\.backup.id))
            #expect(kept.isSubset(of: after), "seed \(seed)")
        }
    }

    /// What goes now is not wanted once the others that go are gone, nor when time has passed.
    @Test func whatGoesIsNeverWantedAgain() {
        for seed in 0..<400 {
            var random = SeededRandom(UInt64(seed))
            let history = history(&random)
            let plan = RetentionPlanner(policies: history.policies, now: now).plan(history.backups)
            let later = now.addingTimeInterval(Double.random(in: 0...100 * 86_400, using: &random))
            let again = RetentionPlanner(policies: history.policies, now: later)
            #expect(
                again.plan(plan.keep.map(\.backup)).keep.count <= plan.keep.count
                    && Set(again.plan(history.backups).remove.map(\.backup.id))
                        .isSuperset(of: plan.remove.map(\.backup.id)),
                "seed \(seed)")
        }
    }

    /// What the preview lists is what is gone a grace period later, and nothing else.
    @Test func thePreviewEqualsTheDeed() {
        for seed in 0..<400 {
            var random = SeededRandom(UInt64(seed))
            var history = history(&random)
            // Rules that don't depend on the hour, as a grace period lies between.
            for job in history.policies.keys { history.policies[job]?.days = 0 }
            let preview = RetentionPlanner(policies: history.policies, now: now).plan(history.backups)
            let step = RetentionStep(history, brake: RetentionBrake(share: 1), now: now)
            #expect(step.brake == nil)
            for mark in step.mark {
                let place = history.backups.firstIndex { $0.id == mark.backup.id }
                if let place { (history.backups[place].markedAt, history.backups[place].markedWhy) = (now, mark.why) }
            }
            for (place, backup) in history.backups.enumerated() where step.unmark.contains(backup.id) {
                (history.backups[place].markedAt, history.backups[place].markedWhy) = (nil, nil)
            }
            let later = now.addingTimeInterval(grace + 1)
            let ripe = RetentionStep.ripe(history, grace: .seconds(grace), now: later)
            #expect(Set(ripe) == Set(preview.remove.map(\.backup.id)), "seed \(seed)")
            #expect(
                RetentionStep.ripe(history, grace: .seconds(grace), now: now).allSatisfy { id in
                    history.backups.contains { $0.id == id && ($0.markedAt ?? now) < now }
                })
        }
    }

    @Test func tooMuchAtOnceStops() {
        let brake = RetentionBrake()
        #expect(brake.allows(new: 3, marked: 0, total: 3) && !brake.allows(new: 4, marked: 0, total: 4))
        #expect(brake.allows(new: 30, marked: 0, total: 100) && !brake.allows(new: 31, marked: 0, total: 100))
        #expect(!brake.allows(new: 1, marked: 30, total: 100) && brake.allows(new: 0, marked: 99, total: 100))
        let backups = (0..<100).map { number in
            let at = now.addingTimeInterval(-Double(number) * 86_400)
            var random = SystemRandomNumberGenerator()
            return ProvenBackup(id: BackupID(at: at, using: &random), jobID: .init("a"), at: at, sizeBytes: 1)
        }
        var history = RetentionHistory(
            targetID: .init("t"), backups: backups, policies: [.init("a"): .init(days: 0, last: 10)])
        let step = RetentionStep(history, brake: brake, now: now)
        #expect(
            step.mark.isEmpty && step.brake == BrakedRetention(targetID: .init("t"), at: now, wanted: 90, total: 100))
        history.approvedUntil = now.addingTimeInterval(1)
        #expect(RetentionStep(history, brake: brake, now: now).mark.count == 90)
        history.approvedUntil = now
        #expect(RetentionStep(history, brake: brake, now: now).mark.isEmpty)
        // Those that went today count.
        history = RetentionHistory(
            targetID: .init("t"), backups: Array(backups.prefix(20)),
            policies: [.init("a"): .init(days: 0, last: 18)], removedRecently: 6)
        #expect(RetentionStep(history, brake: brake, now: now).brake?.wanted == 8)
    }
}
