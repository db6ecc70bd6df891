internal import BackupControl
internal import BackupControlStore
internal import FoundationEssentials

/// Takes away what is kept for a time only (docs/operate/server.md, "What is kept"). Every replica does; it harms nobody twice.
struct History: Sendable {
    let database: ControlDatabase
    let now: @Sendable () -> Date

    func pass() async throws -> Duration? {
        let time = now()
        func ago(_ duration: Duration) -> Date { time.addingTimeInterval(-duration.inSeconds) }
        try await database.pruneHealth(
            resultsBefore: ago(HealthRetention.results), hoursBefore: ago(HealthRetention.hours))
        try await database.pruneNotices(before: ago(HistoryRetention.notices))
        try await database.pruneLogs(before: ago(RunLogLine.keptFor))
        try await database.pruneRestores(before: ago(HistoryRetention.runs))
        try await database.pruneRuns(before: ago(HistoryRetention.runs))
        try await database.pruneAudit(before: ago(HistoryRetention.audit))
        return nil
    }
}
