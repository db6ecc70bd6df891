package import BackupCore
package import FoundationEssentials

/// A time in which a job had no backup that it should have had: from the slot that was missed to the backup that came after all.
package struct LateSpell: Sendable {
    /// Since the slot.
    package static let keptFor = Duration.seconds(400 * 86_400)

    package let job: JobRecord
    package let window: MaintenanceWindow?
    package let dueAt: Date
    /// When the backup was there; nil while there is none.
    package let endedAt: Date?
    /// First moments of the days, in UTC, of runs that have ended, however.
    package let daysOfRuns: Set<Date>

    package init(job: JobRecord, window: MaintenanceWindow?, dueAt: Date, endedAt: Date?, daysOfRuns: Set<Date>) {
        self.job = job
        self.window = window
        self.dueAt = dueAt
        self.endedAt = endedAt
        self.daysOfRuns = daysOfRuns
    }

    /// First moments of the days on which nothing was run that should have been, oldest first; 400 at most.
    ///
    /// The first day is known. Which of the days after it had a slot is told by the schedule as it is now; what is due so late that
    /// there is time for it still, is not missed.
    package func missedDays(at now: Date) -> [Date] {
        var days = [Self.day(dueAt)]
        let end = min(endedAt ?? .distantFuture, now.addingTimeInterval(-job.timeout.inSeconds - job.grace.inSeconds))
        if let planner = try? SchedulePlanner(job, window: window) {
            while days.count < 400, let next = planner.due(after: Self.endOfDay(days[days.count - 1])), next < end {
                days.append(Self.day(next))
            }
        }
        return days.filter { !daysOfRuns.contains($0) }
    }

    private static func day(_ time: Date) -> Date {
        Date(timeIntervalSince1970: (time.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    }

    private static func endOfDay(_ day: Date) -> Date { day.addingTimeInterval(86_400 - 1) }
}
