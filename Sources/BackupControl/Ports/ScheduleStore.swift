package import BackupCore
package import FoundationEssentials

/// When jobs are due, and when their backups must be there.
package protocol ScheduleStore: Sendable {
    /// The first time at which some job is due; nil for none.
    func nextDueAt() async throws -> Date?

    /// Sets right what can't be: a time that is missing, or one so late that only a wrong clock can have made it. A slot that was run
    /// already is not run again: it is unique with its job.
    /// - Parameters:
    ///   - after: the last job of the piece before.
    ///   - plan: when a job would be due, and its backup expected, if it were planned now; nil for never.
    /// - Returns: the last job of the piece; nil at the end.
    func realignJobs(
        after: JobRecord.ID?, limit: Int, plan: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> JobTimes?
    ) async throws -> JobRecord.ID?
}

package struct JobTimes: Sendable, Equatable {
    package let dueAt: Date
    package let expectedBy: Date

    package init(dueAt: Date, expectedBy: Date) {
        self.dueAt = dueAt
        self.expectedBy = expectedBy
    }
}
