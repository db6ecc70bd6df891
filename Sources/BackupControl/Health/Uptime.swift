package import FoundationEssentials

/// The results of one hour of a check.
package struct HealthHour: Sendable, Equatable {
    package let hour: Date
    package var up: Int
    package var down: Int
    package var latencySum: Duration
    /// For how long the results stand: each for the interval that the check had then.
    package var coveredSeconds: Int

    package init(hour: Date, up: Int, down: Int, latencySum: Duration, coveredSeconds: Int) {
        self.hour = hour
        self.up = up
        self.down = down
        self.latencySum = latencySum
        self.coveredSeconds = coveredSeconds
    }
}

package enum UptimePeriod: String, Sendable, CaseIterable {
    case day = "24h"
    case week = "7d"
    case month = "30d"
    case quarter = "90d"

    package var hours: Int {
        switch self {
        case .day: 24
        case .week: 7 * 24
        case .month: 30 * 24
        case .quarter: 90 * 24
        }
    }
}

/// How much of a period a check was up. Time of which nobody knows is not up: it is told beside, and counts in ``upShare`` as not up.
///
/// A period has whole hours and the one that runs, and begins no earlier than the check was made. An hour that lacks at most a result, or
/// three minutes of them, lacks nothing: looks don't come by the second.
package struct Uptime: Sendable, Equatable {
    private static let toleranceSeconds = 180.0

    package private(set) var upSeconds = 0.0
    package private(set) var downSeconds = 0.0
    package private(set) var unknownSeconds = 0.0
    package private(set) var averageLatency: Duration?

    /// - Parameter hours: in any order; those outside of the period count for nothing.
    package init(_ period: UptimePeriod, of check: HealthCheckRecord, hours: [HealthHour], now: Date) {
        let end = now.wholeSeconds ?? 0
        let currentHour = end.flooredQuotient(3600)
        let made = (check.createdAt.wholeSeconds ?? 0)
        let first = max(currentHour - period.hours + 1, made.flooredQuotient(3600))
        let byHour = Dictionary(
            hours.map { (($0.hour.wholeSeconds ?? 0).flooredQuotient(3600), $0) }, uniquingKeysWith: { $1 })
        var (latency, count) = (Duration.zero, 0)
        guard first <= currentHour else { return }
        for hour in first...currentHour {
            let length = Double(min(end, (hour + 1) * 3600) - max(made, hour * 3600))
            guard length > 0 else { continue }
            guard let results = byHour[hour], results.up + results.down > 0 else {
                // What began a moment ago has not been looked at yet.
                if length > max(Self.toleranceSeconds, check.interval.inSeconds) { unknownSeconds += length }
                continue
            }
            add(results, length: length, interval: check.interval.inSeconds)
            latency += results.latencySum
            count += results.up + results.down
        }
        averageLatency = count > 0 ? latency / count : nil
    }

    private mutating func add(_ results: HealthHour, length: Double, interval: Double) {
        let missing = max(0, length - Double(results.coveredSeconds))
        let unknown = missing <= max(Self.toleranceSeconds, interval) ? 0 : missing
        let share = Double(results.up) / Double(results.up + results.down)
        upSeconds += (length - unknown) * share
        downSeconds += (length - unknown) * (1 - share)
        unknownSeconds += unknown
    }

    /// 0 to 1; nil before anything is known of it at all.
    package var upShare: Double? {
        let all = upSeconds + downSeconds + unknownSeconds
        return all > 0 ? upSeconds / all : nil
    }
}
