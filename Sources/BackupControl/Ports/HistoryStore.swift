package import FoundationEssentials

/// What is kept for a time only, because it is of use to nobody later, and would grow without end. Each takes away a bounded piece at a
/// time, so that nobody waits long for the database.
package protocol HistoryStore: Sendable {
    /// Runs that ended before, with their logs, and of which nothing is in a store since then, or ever was.
    func pruneRuns(before time: Date) async throws
    /// Those that ended before.
    func pruneRestores(before time: Date) async throws
    func pruneAudit(before time: Date) async throws
}

package enum HistoryRetention {
    /// Of runs, after their end and that of their backup; and of restores. The calendar of runs shows a year.
    package static let runs = Duration.seconds(400 * 86_400)
    /// Of the audit log. Who needs it for longer exports it.
    package static let audit = Duration.seconds(800 * 86_400)
    /// Of notices, sent or given up.
    package static let notices = Duration.seconds(30 * 86_400)
}
