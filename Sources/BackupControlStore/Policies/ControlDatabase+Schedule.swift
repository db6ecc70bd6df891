package import BackupControl
package import BackupCore
package import FoundationEssentials

extension ControlDatabase: ScheduleStore {
    package func nextDueAt() async throws -> Date? {
        try await sql.read { connection in
            try connection.row(
                """
                SELECT next_due_at FROM jobs WHERE next_due_at IS NOT NULL AND enabled = 1 ORDER BY next_due_at LIMIT 1
                """
            )?.date("next_due_at")
        }
    }

    package func realignJobs(
        after: JobRecord.ID?, limit: Int, plan: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> JobTimes?
    ) async throws -> JobRecord.ID? {
        try await sql.write { connection in
            let rows = try connection.rows(
                """
                SELECT jobs.*, agents.maintenance_start, agents.maintenance_end FROM jobs JOIN agents ON agents.id = jobs.agent_id
                WHERE jobs.id > ? ORDER BY jobs.id LIMIT ? \(connection.dialect.isPostgreSQL ? "FOR UPDATE OF jobs" : "")
                """, [.text(after?.string ?? ""), SQLValue(limit)])
            for row in rows { try connection.realign(try JobRecord(row: row), plan, try MaintenanceWindow(row: row)) }
            return rows.count == limit ? .init(try rows[rows.count - 1].text("id")) : nil
        }
    }
}

extension SQLConnection {
    fileprivate func realign(
        _ job: JobRecord, _ plan: (JobRecord, MaintenanceWindow?) -> JobTimes?, _ window: MaintenanceWindow?
    ) throws {
        let times = plan(job, window)
        let dueAt = times.map { min($0.dueAt, job.nextDueAt ?? $0.dueAt) }
        let expectedBy = times.map { min($0.expectedBy, job.expectedBy ?? $0.expectedBy) }
        guard dueAt != job.nextDueAt || expectedBy != job.expectedBy else { return }
        try run(
            "UPDATE jobs SET next_due_at = ?, expected_by = ? WHERE id = ?",
            [SQLValue(dueAt), SQLValue(expectedBy), .text(job.id.string)])
    }

    /// A run that is lost is begun again, in the write that ends it, as often as its job says.
    /// - Returns: whether it is.
    func retry(_ run: RunRecord, at time: Date) throws -> Bool {
        guard run.status == .lost, !run.isCancelRequested, let job = try job(run.jobID), job.isEnabled,
            run.attempt < job.retry.maxAttempts, let target = try target(run.targetID)
        else { return false }
        let later = time.addingTimeInterval(job.retry.delay(after: run.attempt).inSeconds)
        let window = try agent(job.agentID)?.maintenance
        var random = SystemRandomNumberGenerator()
        return try insert(
            RunRecord(
                id: BackupID(at: time, using: &random), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
                storageID: job.storageID, trigger: .retry, attempt: run.attempt + 1, retryOf: run.id,
                notBefore: window?.end(of: later) ?? later, compression: job.compression, engine: target.engine,
                createdAt: time))
    }
}
