internal import FoundationEssentials

/// A span of which a rule keeps one backup, in UTC.
package enum RetentionPeriod: String, Sendable, CaseIterable {
    case hour = "hourly"
    case day = "daily"
    case week = "weekly"
    case month = "monthly"
    case year = "yearly"

    /// The same for two moments of the same span.
    func bucket(of time: Date) -> Int {
        let seconds = time.wholeSeconds ?? 0
        let day = CivilDate(dayNumber: seconds.flooredQuotient(86_400))
        return switch self {
        case .hour: seconds.flooredQuotient(3600)
        case .day: day.dayNumber
        case .week: day.isoWeek.year * 100 + day.isoWeek.week
        case .month: day.year * 12 + day.month
        case .year: day.year
        }
    }
}
