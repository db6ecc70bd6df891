package import BackupControl
package import BackupCore
package import FoundationEssentials

/// What runs without success have left in their stores.
extension ControlDatabase {
    package func claimLeftovers(at time: Date, triedBefore: Date, limit: Int) async throws -> [RunRecord] {
        try await sql.write { connection in
            try connection.rows(
                """
                UPDATE runs SET purge_tried_at = ? WHERE id IN (
                    SELECT id FROM runs WHERE \(RunRecord.hasLeftovers) AND finished_at <= ?
                        AND (purge_tried_at IS NULL OR purge_tried_at <= ? OR purge_tried_at > ?)
                    ORDER BY COALESCE(purge_tried_at, 0), finished_at LIMIT ? \(connection.dialect.skipLocked("runs")))
                RETURNING *
                """,
                [SQLValue(time), SQLValue(triedBefore), SQLValue(triedBefore), SQLValue(time), SQLValue(limit)]
            ).map(RunRecord.init(row:))
        }
    }

    package func setCleared(_ id: BackupID, at time: Date) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE runs SET purged_at = ? WHERE id = ? AND \(RunRecord.hasLeftovers)",
                [SQLValue(time), .text(id.string)])
        }
    }
}
