package import BackupControl
package import BackupCore
package import FoundationEssentials

extension ControlDatabase {
    package func addRestore(
        _ restore: RestoreRecord, sealedSecret: [UInt8]?, answering answer: KeptAnswer?
    ) async throws {
        let request = try JSONText.of(restore.request)
        try await sql.write { connection in
            try connection.keep(answer)
            try connection.run(
                """
                INSERT INTO restores (id, run_id, agent_id, status, request, sealed_secret, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(restore.id.string), .text(restore.runID.string), .text(restore.agentID.string),
                    .text(restore.status.rawValue), .text(request), SQLValue(sealedSecret), SQLValue(restore.createdAt),
                ])
            try connection.tell(.work)
        }
    }

    package func restore(_ id: BackupID) async throws -> RestoreRecord? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM restores WHERE id = ?", [.text(id.string)]).map(RestoreRecord.init(row:))
        }
    }

    package func restores(_ page: PageRequest) async throws -> Page<RestoreRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM restores WHERE id \(page.comparison) ? ORDER BY id \(page.order) LIMIT ?",
                [.text(try page.after() ?? page.start), SQLValue(page.limit + 1)])
            return Page(try rows.map(RestoreRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func claimPendingRestores(
        replica: String, until lease: Date, at time: Date, limit: Int
    ) async throws -> [RestoreRecord] {
        try await sql.write { connection in
            let rows = try connection.rows(
                """
                SELECT restores.* FROM restores JOIN agents ON agents.id = restores.agent_id
                WHERE restores.status = 'pending' AND agents.session_replica = ?
                    AND (restores.lease_until IS NULL OR restores.lease_until <= ?)
                ORDER BY restores.id LIMIT ? \(connection.dialect.skipLocked("restores"))
                """, [.text(replica), SQLValue(time), SQLValue(limit)])
            return try rows.map { row in
                var restore = try RestoreRecord(row: row)
                restore.fence += 1
                try connection.run(
                    "UPDATE restores SET claimed_by = ?, lease_until = ?, fence = fence + 1 WHERE id = ?",
                    [.text(replica), SQLValue(lease), .text(restore.id.string)])
                return restore
            }
        }
    }

    package func updateRestore(_ restore: RestoreRecord, at time: Date) async throws -> Bool {
        try await sql.write { try $0.update(restore, at: time) }
    }

    package func dispatchRestore(_ restore: RestoreRecord, over session: Int64, at time: Date) async throws -> Bool {
        try await sql.write { connection in
            // The restore before the agent, as claims do it.
            _ = try connection.row(
                "SELECT id FROM restores WHERE id = ? \(connection.dialect.forUpdate)", [.text(restore.id.string)])
            guard try connection.holdsSession(session, of: restore.agentID) else { return false }
            return try connection.update(restore, at: time)
        }
    }

    package func requestRestoreCancel(_ id: BackupID) async throws -> RestoreRecord? {
        try await sql.write { connection in
            let time = Date()
            let row = try connection.row(
                """
                UPDATE restores SET cancel_requested = 1,
                    status = CASE WHEN status = 'pending' AND claimed_by IS NULL THEN 'cancelled' ELSE status END,
                    finished_at = CASE WHEN status = 'pending' AND claimed_by IS NULL THEN ? ELSE finished_at END
                WHERE id = ? AND \(RestoreRecord.isLive) RETURNING *
                """, [SQLValue(time), .text(id.string)])
            guard let restore = try row.map(RestoreRecord.init(row:)) else { return nil }
            if restore.status.isLive {
                try connection.tell(.cancel(id))
            } else {
                try connection.tellEnd(of: restore, at: time)
            }
            return restore
        }
    }

    package func cancelRequests(replica: String, limit: Int) async throws -> [ReplicaWord] {
        try await sql.read { connection in
            try ["runs", "restores"].flatMap { table -> [ReplicaWord] in
                let isLive = table == "runs" ? RunRecord.isLive : RestoreRecord.isLive
                return try connection.rows(
                    """
                    SELECT id FROM \(table) WHERE cancel_requested = 1 AND \(isLive)
                        AND agent_id IN (SELECT id FROM agents WHERE session_replica = ?) ORDER BY id LIMIT ?
                    """, [.text(replica), SQLValue(limit)]
                ).map { ReplicaWord.cancel(try BackupID(try $0.text("id"))) }
            }
        }
    }

    package func overdueRestores(begunBefore time: Date, limit: Int) async throws -> [RestoreRecord] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT * FROM restores WHERE \(RestoreRecord.isLive) AND COALESCE(started_at, created_at) < ?
                ORDER BY id LIMIT ?
                """, [SQLValue(time), SQLValue(limit)]
            ).map(RestoreRecord.init(row:))
        }
    }

    package func liveRestores(of agent: AgentRecord.ID) async throws -> [RestoreRecord] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT * FROM restores WHERE agent_id = ? AND \(RestoreRecord.isLive) ORDER BY id LIMIT 1000",
                [.text(agent.string)]
            ).map(RestoreRecord.init(row:))
        }
    }
}

extension SQLConnection {
    fileprivate func update(_ restore: RestoreRecord, at time: Date) throws -> Bool {
        let changed = try run(
            """
            UPDATE restores SET status = ?, cancel_requested = ?, progress_percent = ?, step = ?, bytes_done = ?,
                target_state = ?, error_code = ?, error_message = ?, error_hint = ?, started_at = ?, finished_at = ?
            WHERE id = ? AND fence = ? AND \(RestoreRecord.isLive)
            """,
            [
                .text(restore.status.rawValue), SQLValue(restore.isCancelRequested),
                SQLValue(restore.progressPercent),
                .text(restore.step), SQLValue(restore.bytesDone), SQLValue(restore.targetState),
                SQLValue(restore.failure?.code), SQLValue(restore.failure?.message),
                SQLValue(restore.failure?.hint),
                SQLValue(restore.startedAt), SQLValue(restore.finishedAt), .text(restore.id.string),
                .integer(restore.fence),
            ])
        guard changed == 1 else { return false }
        if !restore.status.isLive { try tellEnd(of: restore, at: time) }
        return true
    }

    fileprivate func tellEnd(of restore: RestoreRecord, at time: Date) throws {
        try append(
            "restores", restore.status == .success ? "restore.completed" : "restore.failed",
            [
                "restore_id": restore.id.string, "run_id": restore.runID.string, "status": restore.status.rawValue,
                "error_code": restore.failure?.code,
            ], at: time)
        try notify(.restoreFinished(restore, at: time))
    }
}
