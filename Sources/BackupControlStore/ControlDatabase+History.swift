package import BackupControl
package import FoundationEssentials

extension ControlDatabase: HistoryStore {
    private static let batch = 500

    package func pruneRuns(before time: Date) async throws {
        try await pruned { connection in
            let ids = try connection.rows(
                "\(RunRecord.over) LIMIT ? \(connection.dialect.skipLocked("runs"))",
                [SQLValue(time), SQLValue(Self.batch)]
            ).map { SQLValue.text(try $0.text("id")) }
            guard !ids.isEmpty else { return 0 }
            let marks = ListOrder.marks(ids.count)
            try connection.run("DELETE FROM run_logs WHERE run_id IN (\(marks))", ids)
            return try connection.run("DELETE FROM runs WHERE id IN (\(marks))", ids)
        }
    }

    package func pruneRestores(before time: Date) async throws {
        try await pruned { connection in
            try connection.run(
                """
                DELETE FROM restores WHERE id IN (
                    SELECT id FROM restores WHERE id < ? AND finished_at < ? ORDER BY id LIMIT ?)
                """, [.text(RunQuery.bound(time)), SQLValue(time), SQLValue(Self.batch)])
        }
    }

    package func pruneAudit(before time: Date) async throws {
        // The oldest come first by their ids, and there is no index of times.
        try await pruned { connection in
            try connection.run(
                "DELETE FROM audit_log WHERE at < ? AND id IN (SELECT id FROM audit_log ORDER BY id LIMIT ?)",
                [SQLValue(time), SQLValue(Self.batch)])
        }
    }

    /// - Parameter piece: takes away as many as a batch has, where there are so many.
    private func pruned(_ piece: @escaping @Sendable (any SQLConnection) throws -> Int) async throws {
        while !Task.isCancelled, try await sql.write(piece) == Self.batch {}
    }
}

extension RunRecord {
    /// Those that are over since before a time, the oldest first.
    package static let over = """
        SELECT id FROM runs WHERE \(isOver) AND COALESCE(purged_at, finished_at) < ?
        ORDER BY COALESCE(purged_at, finished_at)
        """
}
