package import BackupControl
internal import BackupCore
package import FoundationEssentials

/// Ids of runs begin with their day, `20260131`, and sort by time: an index on a status and the id has all that is counted here.
extension ControlDatabase {
    package func runDays(of job: JobRecord.ID?, from: Date) async throws -> [RunDay] {
        try await sql.read { connection in
            var days: [String: RunDay] = [:]
            for status in [RunRecord.Status.success, .failed, .lost] {
                let rows = try connection.rows(
                    """
                    SELECT substr(id, 1, 8) AS day, count(*) AS runs FROM runs
                    WHERE \(job == nil ? "" : "job_id = ? AND") status = ? AND id >= ? GROUP BY substr(id, 1, 8)
                    """,
                    (job.map { [.text($0.string)] } ?? []) + [
                        .text(status.rawValue), .text(UTCTime(from).compactDate),
                    ])
                for row in rows {
                    let name = try row.text("day")
                    guard let date = Self.date(name) else { continue }
                    var day = days[name] ?? RunDay(day: date, succeeded: 0, failed: 0)
                    if status == .success {
                        day.succeeded += try row.int("runs")
                    } else {
                        day.failed += try row.int("runs")
                    }
                    days[name] = day
                }
            }
            return days.values.sorted { $0.day < $1.day }
        }
    }

    package func lateSpells(of job: JobRecord.ID?, from: Date, limit: Int) async throws -> [LateSpell] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT job_id, due_at FROM late_slots WHERE \(job == nil ? "" : "job_id = ? AND") due_at >= ?
                ORDER BY due_at DESC LIMIT ?
                """, (job.map { [.text($0.string)] } ?? []) + [SQLValue(from), SQLValue(limit)]
            ).compactMap { row in
                try connection.spell(of: .init(try row.text("job_id")), from: try row.date("due_at"))
            }
        }
    }

    package func storedDays(from: Date) async throws -> [StoredDay] {
        try await sql.read { connection in
            var days: [Int: StoredDay] = [:]
            let added = try connection.rows(
                """
                SELECT substr(id, 1, 8) AS day, CAST(COALESCE(sum(size_bytes), 0) AS BIGINT) AS size_bytes FROM runs
                WHERE status = 'success' AND id >= ? GROUP BY substr(id, 1, 8)
                """, [.text(UTCTime(from).compactDate)])
            for row in added {
                guard let date = Self.date(try row.text("day")) else { continue }
                days[Self.number(date)] = StoredDay(day: date, added: try row.size("size_bytes"), removed: 0)
            }
            let removed = try connection.rows(
                """
                SELECT deleted_at / 86400000 AS day, CAST(COALESCE(sum(size_bytes), 0) AS BIGINT) AS size_bytes FROM runs
                WHERE status = 'success' AND deleted_at >= ? GROUP BY deleted_at / 86400000
                """, [SQLValue(from)])
            for row in removed {
                let number = try row.int("day")
                let date = Date(timeIntervalSince1970: Double(number) * 86_400)
                days[number, default: StoredDay(day: date, added: 0, removed: 0)].removed = try row.size("size_bytes")
            }
            return days.values.sorted { $0.day < $1.day }
        }
    }

    package func targetUsage(limit: Int) async throws -> [TargetUsage] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT sums.target_id, sums.backups, sums.size_bytes, COALESCE(targets.name, sums.target_id) AS name
                FROM (SELECT target_id, count(*) AS backups, CAST(COALESCE(sum(size_bytes), 0) AS BIGINT) AS size_bytes
                    FROM runs WHERE status = 'success' AND deleted_at IS NULL GROUP BY target_id) AS sums
                LEFT JOIN targets ON targets.id = sums.target_id ORDER BY sums.size_bytes DESC, sums.target_id LIMIT ?
                """, [SQLValue(limit)]
            ).map { row in
                TargetUsage(
                    targetID: .init(try row.text("target_id")), name: try row.text("name"),
                    backups: try row.int("backups"), sizeBytes: try row.size("size_bytes"))
            }
        }
    }

    /// Of `20260131`; nil for what is none.
    fileprivate static func date(_ day: String) -> Date? {
        let digits = Array(day)
        guard digits.count == 8 else { return nil }
        return UTCTime(
            rfc3339: "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))T00:00:00Z")?.date
    }

    private static func number(_ date: Date) -> Int { Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) }
}

extension SQLConnection {
    fileprivate func spell(of id: JobRecord.ID, from dueAt: Date) throws -> LateSpell? {
        guard let job = try job(id) else { return nil }
        let first = SQLValue.text(RunQuery.bound(dueAt))
        let backup = try row(
            """
            SELECT finished_at FROM runs WHERE job_id = ? AND status = 'success' AND id >= ? ORDER BY id LIMIT 1
            """, [.text(id.string), first])
        let endedAt = try backup?.optionalDate("finished_at")
        let days = try rows(
            """
            SELECT DISTINCT substr(id, 1, 8) AS day FROM runs
            WHERE job_id = ? AND id >= ? AND id < ? AND finished_at IS NOT NULL
            """,
            [
                .text(id.string), .text(UTCTime(dueAt).compactDate),
                .text(endedAt.map { RunQuery.bound($0.addingTimeInterval(1)) } ?? "~"),
            ])
        return LateSpell(
            job: job, window: try agent(job.agentID)?.maintenance, dueAt: dueAt, endedAt: endedAt,
            daysOfRuns: Set(try days.compactMap { ControlDatabase.date(try $0.text("day")) }))
    }
}
