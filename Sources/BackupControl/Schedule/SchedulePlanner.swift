package import BackupCore
package import FoundationEssentials

/// When a job is due: a slot of its schedule, a little later by its own jitter, and at the end of its agent's maintenance window
/// where that would lie inside.
///
/// The time that is asked about bounds everything: missed slots become one run, and a clock that goes back finds nothing due that was run
/// already, as the next time was fixed when the run was made.
package struct SchedulePlanner: Sendable {
    private let job: JobRecord
    private let schedule: CronSchedule?
    private let window: MaintenanceWindow?

    /// - Throws: ``ControlError/invalid(field:reason:)`` for a schedule that can't be read.
    package init(_ job: JobRecord, window: MaintenanceWindow?) throws(ControlError) {
        self.job = job
        self.window = window
        schedule = job.isEnabled && !job.cron.isEmpty ? try CronSchedule(job.cron) : nil
    }

    /// The first time after `time` at which a run shall begin; nil for a job that is disabled or only run by hand.
    package func due(after time: Date) -> Date? {
        // What lies in a window that is open at `time` is due at its end.
        let start = window?.beginning(of: time) ?? time
        guard let slot = schedule?.next(after: start.addingTimeInterval(-jitterSeconds)) else { return nil }
        let begin = slot.addingTimeInterval(jitterSeconds)
        return window?.end(of: begin) ?? begin
    }

    /// What is to be done with a job whose time has come.
    package func decide(at time: Date) -> SlotDecision {
        if let end = window?.end(of: time) { return .wait(until: end) }
        return .run(next: due(after: time))
    }

    /// When the first proven backup that is due after `time` must be there: with its time limit, and some grace.
    package func expectedBy(after time: Date) -> Date? {
        due(after: time)?.addingTimeInterval(job.timeout.inSeconds + job.grace.inSeconds)
    }

    /// Both, for whoever can't be told that a schedule is wrong: such a job is never due. It was refused when it was made.
    package static func times(_ job: JobRecord, window: MaintenanceWindow?, after time: Date) -> JobTimes? {
        guard let planner = try? SchedulePlanner(job, window: window), let dueAt = planner.due(after: time),
            let expectedBy = planner.expectedBy(after: time)
        else { return nil }
        return JobTimes(dueAt: dueAt, expectedBy: expectedBy)
    }

    /// Whole seconds, 0 to the job's jitter, always the same for the job (FNV-1a of its id).
    private var jitterSeconds: Double {
        let most = UInt64(clamping: job.jitter.components.seconds)
        guard most > 0 else { return 0 }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in job.id.string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Double((hash ^ hash >> 32) % (most + 1))
    }
}

/// What becomes of a job whose time has come.
package enum SlotDecision: Sendable, Equatable {
    /// - Parameter next: when it is due again; nil for never.
    case run(next: Date?)
    /// Backups are paused until then.
    case wait(until: Date)
}

extension MaintenanceWindow {
    /// The end of the window in which `time` lies; nil outside.
    package func end(of time: Date) -> Date? {
        edge(of: time, end).map { $0 > time ? $0 : $0.addingTimeInterval(86_400) }
    }

    /// A moment before its beginning, so that "after" it is all of the window; nil outside.
    fileprivate func beginning(of time: Date) -> Date? {
        edge(of: time, start).map { ($0 <= time ? $0 : $0.addingTimeInterval(-86_400)).addingTimeInterval(-1) }
    }

    /// That minute of the day, where `time` lies inside.
    private func edge(of time: Date, _ minute: Int) -> Date? {
        guard let seconds = time.wholeSeconds, contains(minute: seconds.flooredRemainder(86_400) / 60) else {
            return nil
        }
        return Date(timeIntervalSince1970: Double(seconds - seconds.flooredRemainder(86_400) + minute * 60))
    }
}

extension Duration {
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
