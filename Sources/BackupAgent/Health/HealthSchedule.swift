internal import BackupCore

/// When each check is due. Pure: it is told the time, and does nothing itself.
///
/// A check never overlaps itself, and one that the configuration leaves as it was keeps its time.
struct HealthSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What a configuration has above this is left out.
    static let largestCount = 256
    /// Whatever a configuration says.
    static let shortestInterval = Duration.seconds(1)

    private struct Entry {
        var check: HealthCheck
        var due: Instant
        var isRunning = false
        /// Asked for while it was running: it runs again afterwards.
        var isWanted = false
        /// No longer in the configuration.
        var isGone = false
    }

    private var entries: [String: Entry] = [:]

    /// - Parameter spread: from 0 to 1, how far into its interval a new check begins: ten thousand agents that start at once
    ///   must not ask the same server at once.
    /// - Returns: how many were left out because there are too many, or because two have the same id.
    mutating func apply(_ checks: [HealthCheck], now: Instant, spread: () -> Double) -> Int {
        var next: [String: Entry] = [:]
        for check in checks where next.count < Self.largestCount && next[check.id] == nil {
            var entry = entries[check.id] ?? Entry(check: check, due: now + Self.interval(check) * spread())
            // A changed one is due at once, so that whoever changed it sees what comes of it.
            if entry.check != check { (entry.check, entry.due) = (check, now) }
            entry.isGone = false
            next[check.id] = entry
        }
        let leftOut = checks.count - next.count
        // Until it has ended: should it come back before, it must not overlap itself.
        for (id, entry) in entries where entry.isRunning && next[id] == nil {
            next[id] = entry
            next[id]?.isGone = true
        }
        entries = next
        return leftOut
    }

    /// The checks to start now, which count as running until ``finish(_:now:)``; at most `limit`, the latest first.
    mutating func start(now: Instant, limit: Int) -> [HealthCheck] {
        let due = entries.values.filter { !$0.isRunning && ($0.isWanted || $0.due <= now) }
            .sorted { ($0.due, $0.check.id) < ($1.due, $1.check.id) }.prefix(max(0, limit))
        for entry in due {
            entries[entry.check.id]?.isRunning = true
            entries[entry.check.id]?.isWanted = false
        }
        return due.map(\.check)
    }

    /// - Returns: whether the result still counts: not for a check that was taken away or changed meanwhile.
    mutating func finish(_ check: HealthCheck, now: Instant) -> Bool {
        guard var entry = entries[check.id] else { return false }
        guard !entry.isGone else {
            entries[check.id] = nil
            return false
        }
        entry.isRunning = false
        let isSame = entry.check == check
        if isSame {
            // From when it was due, so that it keeps its rhythm; what was missed meanwhile is not made up for.
            let interval = Self.interval(check)
            entry.due += interval
            if entry.due <= now { entry.due = now + interval }
        }
        entries[check.id] = entry
        return isSame
    }

    /// Makes it due now.
    /// - Returns: false when there is no such check.
    mutating func want(_ id: String) -> Bool {
        guard let entry = entries[id], !entry.isGone else { return false }
        entries[id]?.isWanted = true
        return true
    }

    /// When the next one is to start; nil while there is none.
    var nextDue: Instant? { entries.values.filter { !$0.isRunning }.map(\.due).min() }

    private static func interval(_ check: HealthCheck) -> Duration { max(shortestInterval, check.interval) }
}
