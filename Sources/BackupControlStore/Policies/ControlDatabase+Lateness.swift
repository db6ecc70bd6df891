package import BackupControl
package import BackupCore
package import FoundationEssentials

extension ControlDatabase: LatenessStore {
    package func beat(at time: Date, silence: Duration) async throws -> ServerGap? {
        try await sql.write { connection in
            let row = try connection.row("SELECT * FROM server_pulse WHERE id = 1 \(connection.dialect.forUpdate)")
            try connection.run(
                """
                INSERT INTO server_pulse (id, alive_at) VALUES (1, ?)
                ON CONFLICT (id) DO UPDATE SET alive_at = excluded.alive_at
                """, [SQLValue(max(time, Self.believed(try row?.date("alive_at"), at: time)))])
            guard let last = try row?.date("alive_at"), time.timeIntervalSince(last) > silence.inSeconds else {
                return nil
            }
            let gap = ServerGap(from: last, to: time)
            try connection.run(
                "UPDATE server_pulse SET down_from = ?, down_to = ? WHERE id = 1", [SQLValue(last), SQLValue(time)])
            try connection.notify(.serverWasDown(gap))
            return gap
        }
    }

    /// What another replica has written counts, though its clock be a little ahead of ours; not when ours was set back.
    private static func believed(_ alive: Date?, at time: Date) -> Date {
        guard let alive, alive < time.addingTimeInterval(3600) else { return .distantPast }
        return alive
    }

    package func raiseLateness(
        at time: Date, limit: Int, expectedBy: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> Date?
    ) async throws -> [Lateness] {
        try await sql.write { connection in
            let rows = try connection.rows(
                """
                SELECT * FROM jobs WHERE expected_by IS NOT NULL AND expected_by < ? AND late_alerted_at IS NULL AND enabled = 1
                ORDER BY expected_by LIMIT ? \(connection.dialect.skipLocked("jobs"))
                """, [SQLValue(time), SQLValue(limit)])
            let gap = try connection.lastGap()
            return try rows.compactMap { row in
                try connection.judge(try JobRecord(row: row), gap: gap, expectedBy: expectedBy, at: time)
            }
        }
    }

    package func raiseOffline(silentSince: Date, at time: Date, limit: Int) async throws -> [AgentRecord] {
        try await sql.write { connection in
            // After a time in which nobody could write down whom they saw, all would be gone at once.
            if let gap = try connection.lastGap(), gap.to > silentSince, gap.to <= time { return [] }
            let agents = try connection.rows(
                """
                SELECT \(AgentRecord.columns) FROM agents
                WHERE last_seen_at IS NOT NULL AND last_seen_at < ? AND offline_alerted_at IS NULL
                ORDER BY last_seen_at LIMIT ? \(connection.dialect.skipLocked("agents"))
                """, [SQLValue(silentSince), SQLValue(limit)]
            ).map(AgentRecord.init(row:))
            for agent in agents { try connection.tellGone(agent, at: time) }
            return agents
        }
    }

    package func raiseOnline(at time: Date, limit: Int) async throws -> [AgentRecord] {
        try await sql.write { connection in
            let agents = try connection.rows(
                """
                SELECT \(AgentRecord.columns) FROM agents WHERE offline_alerted_at IS NOT NULL AND last_seen_at > offline_alerted_at
                ORDER BY id LIMIT ? \(connection.dialect.skipLocked("agents"))
                """, [SQLValue(limit)]
            ).map(AgentRecord.init(row:))
            for agent in agents {
                try connection.run(
                    "UPDATE agents SET offline_alerted_at = NULL WHERE id = ?", [.text(agent.id.string)])
                try connection.notify(.agentOnline(agent, at: time))
            }
            return agents
        }
    }
}

extension SQLConnection {
    fileprivate func lastGap() throws -> ServerGap? {
        guard let row = try row("SELECT down_from, down_to FROM server_pulse WHERE id = 1"),
            let from = try row.optionalDate("down_from"), let to = try row.optionalDate("down_to")
        else { return nil }
        return ServerGap(from: from, to: to)
    }

    /// - Returns: nil for one that is not late.
    fileprivate func judge(
        _ job: JobRecord, gap: ServerGap?, expectedBy: (JobRecord, MaintenanceWindow?) -> Date?, at time: Date
    ) throws -> Lateness? {
        guard let agent = try agent(job.agentID), let target = try target(job.targetID), let deadline = job.expectedBy
        else { return nil }
        let last = try row("SELECT * FROM runs WHERE job_id = ? ORDER BY id DESC LIMIT 1", [.text(job.id.string)])
        let facts = Lateness.Facts(
            job: job, agent: agent, target: target.name, lastRun: try last.map(RunRecord.init(row:)), gap: gap)
        let lateness = Lateness(facts, expectedBy: deadline)
        if lateness.isMistaken {
            try run(
                "UPDATE jobs SET expected_by = ? WHERE id = ?",
                [SQLValue(expectedBy(job, agent.maintenance)), .text(job.id.string)])
            return nil
        }
        try run("UPDATE jobs SET late_alerted_at = ? WHERE id = ?", [SQLValue(time), .text(job.id.string)])
        try run(
            "INSERT INTO late_slots (job_id, due_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [.text(job.id.string), SQLValue(lateness.dueAt)])
        try run(
            "DELETE FROM late_slots WHERE due_at < ?", [SQLValue(time.addingTimeInterval(-LateSpell.keptFor.inSeconds))]
        )
        try append(
            "jobs", "job.late",
            [
                "job_id": job.id.string, "agent_id": agent.id.string, "target_id": target.id.string,
                "cause": lateness.cause.word,
            ], at: time)
        try notify(.backupLate(lateness, at: time))
        return lateness
    }

    fileprivate func tellGone(_ agent: AgentRecord, at time: Date) throws {
        try run(
            "UPDATE health_checks SET state = 'unknown', state_since = ? WHERE agent_id = ? AND state <> 'unknown'",
            [SQLValue(time), .text(agent.id.string)])
        // Only its replica ends its session, or a later one: it may be connected all the time, and its replica cut off from us.
        if agent.session.replica != nil {
            try append(
                "agents", "agent.disconnected", ["agent_id": agent.id.string, "name": agent.name], at: time)
        }
        try run("UPDATE agents SET offline_alerted_at = ? WHERE id = ?", [SQLValue(time), .text(agent.id.string)])
        try notify(.agentOffline(agent, at: time))
    }
}
