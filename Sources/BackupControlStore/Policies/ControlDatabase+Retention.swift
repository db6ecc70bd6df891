package import BackupControl
package import BackupCore
package import FoundationEssentials

extension ControlDatabase: RetentionStore {
    package func targetsWithBackups(after: TargetRecord.ID?, limit: Int) async throws -> [TargetRecord.ID] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT DISTINCT target_id FROM runs WHERE target_id > ? AND status = 'success' AND deleted_at IS NULL
                ORDER BY target_id LIMIT ?
                """, [.text(after?.string ?? ""), SQLValue(limit)]
            ).map { .init(try $0.text("target_id")) }
        }
    }

    package func retentionHistory(of target: TargetRecord.ID, at time: Date) async throws -> RetentionHistory {
        try await sql.read { try $0.history(of: target, at: time) }
    }

    package func applyRetention(
        to target: TargetRecord.ID, at time: Date, decide: @escaping @Sendable (RetentionHistory) -> RetentionStep
    ) async throws -> RetentionStep {
        try await sql.write { connection in
            let step = decide(try connection.history(of: target, at: time, forUpdate: true))
            for removed in step.mark { try connection.mark(removed.backup.id, removed.why, at: time) }
            for id in step.unmark {
                try connection.run(
                    """
                    UPDATE runs SET delete_marked_at = NULL, delete_reason = NULL
                    WHERE id = ? AND deleted_at IS NULL AND delete_reason <> ?
                    """, [.text(id.string), .text(ProvenBackup.askedFor)])
            }
            try connection.keep(step.brake, of: target, at: time)
            return step
        }
    }

    package func beginDeletion(
        of target: TargetRecord.ID, at time: Date, ripe: @escaping @Sendable (RetentionHistory) -> [BackupID]
    ) async throws -> [BackupID] {
        try await sql.write { connection in
            let ripe = ripe(try connection.history(of: target, at: time, forUpdate: true))
            return try ripe.filter { id in
                try connection.run(
                    """
                    UPDATE runs SET deleted_at = ?
                    WHERE id = ? AND deleted_at IS NULL AND delete_marked_at IS NOT NULL
                        AND (delete_again_at IS NULL OR delete_again_at <= ?) AND NOT EXISTS (
                        SELECT 1 FROM restores WHERE restores.run_id = runs.id AND restores.\(RestoreRecord.isLive))
                    """, [SQLValue(time), .text(id.string), SQLValue(time)]) == 1
            }
        }
    }

    package func claimPurges(at time: Date, triedBefore: Date, limit: Int) async throws -> [RunRecord] {
        try await sql.write { connection in
            try connection.rows(
                """
                UPDATE runs SET purge_tried_at = ? WHERE id IN (
                    SELECT id FROM runs WHERE deleted_at IS NOT NULL AND purged_at IS NULL
                        AND (purge_tried_at IS NULL OR purge_tried_at <= ? OR purge_tried_at > ?)
                    ORDER BY COALESCE(purge_tried_at, 0), deleted_at LIMIT ? \(connection.dialect.skipLocked("runs")))
                RETURNING *
                """, [SQLValue(time), SQLValue(triedBefore), SQLValue(time), SQLValue(limit)]
            ).map(RunRecord.init(row:))
        }
    }

    package func setPurged(_ id: BackupID, at time: Date) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE runs SET purged_at = ? WHERE id = ? AND deleted_at IS NOT NULL AND purged_at IS NULL",
                [SQLValue(time), .text(id.string)])
        }
    }

    package func cancelDeletion(_ id: BackupID, again: Date) async throws {
        try await sql.write { connection in
            try connection.run(
                """
                UPDATE runs SET deleted_at = NULL, purge_tried_at = NULL, delete_again_at = ?
                WHERE id = ? AND purged_at IS NULL
                """, [SQLValue(again), .text(id.string)])
        }
    }

    package func brakedRetentions() async throws -> [BrakedRetention] {
        try await sql.read { connection in
            try connection.rows("SELECT * FROM retention_brakes ORDER BY target_id LIMIT 1000").map { row in
                BrakedRetention(
                    targetID: .init(try row.text("target_id")), at: try row.date("at"), wanted: try row.int("wanted"),
                    total: try row.int("total"), approvedUntil: try row.optionalDate("approved_until"))
            }
        }
    }

    package func approveRetention(of target: TargetRecord.ID, until: Date) async throws -> Bool {
        try await sql.write { connection in
            let changed = try connection.run(
                "UPDATE retention_brakes SET approved_until = ? WHERE target_id = ?",
                [SQLValue(until), .text(target.string)])
            try connection.wake("retention")
            return changed == 1
        }
    }
}

extension SQLConnection {
    fileprivate func history(
        of target: TargetRecord.ID, at time: Date, forUpdate: Bool = false
    ) throws -> RetentionHistory {
        let backups = try rows(
            """
            SELECT id, job_id, COALESCE(started_at, created_at) AS begun_at, COALESCE(size_bytes, 0) AS size_bytes, validated,
                delete_marked_at, delete_reason FROM runs
            WHERE target_id = ? AND status = 'success' AND deleted_at IS NULL ORDER BY id \(forUpdate ? dialect.forUpdate : "")
            """, [.text(target.string)])
        let jobs = try rows("SELECT id, retention FROM jobs WHERE target_id = ?", [.text(target.string)])
        let removed = try row(
            """
            SELECT count(*) AS removed FROM runs WHERE target_id = ? AND status = 'success' AND deleted_at IS NOT NULL
                AND delete_marked_at > ? AND delete_reason <> ?
            """, [.text(target.string), SQLValue(time.addingTimeInterval(-86_400)), .text(ProvenBackup.askedFor)])
        let brake = try row(
            "SELECT approved_until FROM retention_brakes WHERE target_id = ?", [.text(target.string)])
        return RetentionHistory(
            targetID: target, backups: try backups.map(ProvenBackup.init(row:)),
            policies: Dictionary(
                try jobs.map { (JobRecord.ID(try $0.text("id")), try $0.json("retention", as: RetentionPolicy.self)) },
                uniquingKeysWith: { $1 }),
            removedRecently: try removed?.int("removed") ?? 0, approvedUntil: try brake?.optionalDate("approved_until"))
    }

    fileprivate func mark(_ id: BackupID, _ why: String, at time: Date) throws {
        try run(
            """
            UPDATE runs SET delete_marked_at = ?, delete_reason = ?
            WHERE id = ? AND delete_marked_at IS NULL AND status = 'success'
            """, [SQLValue(time), .text(why), .text(id.string)])
    }

    /// An approval stays until it is over, as the next looks need it too.
    fileprivate func keep(_ brake: BrakedRetention?, of target: TargetRecord.ID, at time: Date) throws {
        guard let brake else {
            try run(
                "DELETE FROM retention_brakes WHERE target_id = ? AND (approved_until IS NULL OR approved_until <= ?)",
                [.text(target.string), SQLValue(time)])
            return
        }
        try run(
            """
            INSERT INTO retention_brakes (target_id, at, wanted, total) VALUES (?, ?, ?, ?)
            ON CONFLICT (target_id) DO UPDATE SET at = excluded.at, wanted = excluded.wanted, total = excluded.total,
                approved_until = NULL
            """, [.text(target.string), SQLValue(brake.at), SQLValue(brake.wanted), SQLValue(brake.total)])
        try notify(.retentionBraked(brake, target: try self.target(target)?.name ?? target.string))
    }
}

extension ProvenBackup {
    fileprivate init(row: SQLRow) throws {
        self.init(
            id: try BackupID(try row.text("id")), jobID: .init(try row.text("job_id")), at: try row.date("begun_at"),
            sizeBytes: try row.size("size_bytes"),
            isReadBack: try row.word("validated", as: ReadBack.self) != .none,
            markedAt: try row.optionalDate("delete_marked_at"), markedWhy: try row.optionalText("delete_reason"))
    }
}
