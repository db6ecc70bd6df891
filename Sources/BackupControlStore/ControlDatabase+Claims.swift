package import BackupControl
internal import BackupCore
package import FoundationEssentials

/// The right to send a run to its agent: for a time, and under a number that a later claim makes stale.
extension ControlDatabase {
    package func claimPending(
        replica: String, until lease: Date, at time: Date, limit: Int
    ) async throws -> [RunClaim] {
        try await sql.write { connection in
            let rows = try connection.rows(
                RunRecord.waiting + " LIMIT ? \(connection.dialect.skipLocked("runs"))",
                [SQLValue(time), .text(replica), SQLValue(time), SQLValue(time), SQLValue(time), SQLValue(limit)])
            let runs = try rows.map(RunRecord.init(row:))
            var room = try connection.room(of: Set(runs.map(\.agentID)), at: time)
            return try runs.compactMap { run in
                guard room[run.agentID, default: 0] > 0 else { return nil }
                room[run.agentID, default: 0] -= 1
                return try connection.claim(run, replica, until: lease)
            }
        }
    }

    package func dispatch(_ claim: RunClaim, _ order: RunOrder, over session: Int64) async throws -> Bool {
        try await sql.write { connection in
            guard try connection.lockedRun(claim.run.id)?.fence == claim.fence,
                try connection.holdsSession(session, of: claim.run.agentID)
            else { return false }
            return try connection.run(
                """
                UPDATE runs SET status = 'dispatched', object_key = ?, upload_id = ?, key_id = ?, wrapped_key = ?, recipients = ?,
                    format_version = ?, deadline_at = ? WHERE id = ? AND fence = ? AND status = 'pending' AND cancel_requested = 0
                """,
                [
                    .text(order.objectKey), SQLValue(order.uploadID), SQLValue(order.encryption.keyID),
                    SQLValue(order.encryption.wrappedKey), .text(order.encryption.recipients.joined(separator: "\n")),
                    SQLValue(order.encryption.formatVersion), SQLValue(order.deadlineAt), .text(claim.run.id.string),
                    .integer(claim.fence),
                ]) == 1
        }
    }

    package func release(_ claim: RunClaim, notBefore: Date) async throws {
        try await sql.write { connection in
            try connection.run(
                """
                UPDATE runs SET claimed_by = NULL, lease_until = NULL, not_before = ?
                WHERE id = ? AND fence = ? AND status = 'pending'
                """, [SQLValue(notBefore), .text(claim.run.id.string), .integer(claim.fence)])
        }
    }
}

extension RunRecord {
    /// Runs that may be claimed, oldest first, and of each agent only as many as it has room for: an agent with a long queue does not
    /// stand before all others. Begins with the pending runs, which are few, and not with the agents.
    package static let waiting = """
        SELECT runs.* FROM (
            SELECT pending.id, row_number() OVER (PARTITION BY pending.agent_id ORDER BY pending.id) AS place,
                agents.max_parallel_jobs - (
                    SELECT count(*) FROM runs others WHERE others.agent_id = pending.agent_id AND others.\(isLive)
                        AND (others.status <> 'pending' OR others.lease_until > ?)
                ) AS room
            FROM runs pending CROSS JOIN agents
            WHERE agents.id = pending.agent_id AND pending.status = 'pending' AND agents.session_replica = ?
                AND pending.not_before <= ? AND (pending.lease_until IS NULL OR pending.lease_until <= ?)
        ) waiting CROSS JOIN runs
        WHERE runs.id = waiting.id AND waiting.place <= waiting.room AND runs.status = 'pending'
            AND (runs.lease_until IS NULL OR runs.lease_until <= ?)
        ORDER BY runs.id
        """
}

extension SQLConnection {
    /// How many runs each of the agents may begin. Another claim for one of them waits until this transaction has ended, and counts
    /// what it has taken.
    fileprivate func room(of agents: Set<AgentRecord.ID>, at time: Date) throws -> [AgentRecord.ID: Int] {
        var room: [AgentRecord.ID: Int] = [:]
        for agent in agents.sorted() {
            let limit = try row(
                "SELECT max_parallel_jobs FROM agents WHERE id = ? \(dialect.forUpdate)", [.text(agent.string)])
            let busy = try row(
                """
                SELECT count(*) AS busy FROM runs WHERE agent_id = ? AND \(RunRecord.isLive)
                    AND (status <> 'pending' OR lease_until > ?)
                """, [.text(agent.string), SQLValue(time)])
            room[agent] = try (limit?.int("max_parallel_jobs") ?? 0) - (busy?.int("busy") ?? 0)
        }
        return room
    }

    /// - Returns: nil where its job or target is gone: the run ends then.
    fileprivate func claim(_ run: RunRecord, _ replica: String, until lease: Date) throws -> RunClaim? {
        guard let job = try job(run.jobID), let target = try target(run.targetID) else {
            let failure = RunRecord.Failure(code: "control.not_found", message: "its job was deleted")
            _ = try end(run, .failed(failure), at: Date())
            return nil
        }
        try self.run(
            "UPDATE runs SET claimed_by = ?, lease_until = ?, fence = fence + 1 WHERE id = ?",
            [.text(replica), SQLValue(lease), .text(run.id.string)])
        return RunClaim(run: run, job: job, target: target, fence: run.fence + 1)
    }
}
