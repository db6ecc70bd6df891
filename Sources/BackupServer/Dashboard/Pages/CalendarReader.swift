internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// A year of runs, and of those that should have been.
struct CalendarReader: Sendable {
    /// 53 weeks.
    private static let days = 371.0
    /// Of a year; the newest.
    private static let mostSpells = 500

    let lists: any ListingStore

    /// - Parameter job: nil for all of them.
    func days(of job: JobRecord.ID?, at now: Date) async throws -> [CalendarDay] {
        let from = now.addingTimeInterval(-Self.days * 86_400)
        let spells = try await lists.lateSpells(of: job, from: from, limit: Self.mostSpells)
        return CalendarDay.days(
            try await lists.runDays(of: job, from: from), missed: spells.flatMap { $0.missedDays(at: now) })
    }
}
