package import BackupControl
package import BackupCore
package import FoundationEssentials

/// What agents say about their runs.
extension ControlDatabase {
    package func appendLogs(_ lines: [RunLogLine], to run: BackupID) async throws {
        try await sql.write { connection in
            // Two who append at once number their lines one after the other.
            guard try connection.lockedRun(run) != nil else { return }
            let last = try connection.row(
                "SELECT number, total_bytes FROM run_logs WHERE run_id = ? ORDER BY number DESC LIMIT 1",
                [.text(run.string)])
            var number = try last?.int("number") ?? 0
            var total = try last?.int("total_bytes") ?? 0
            for line in lines where total <= RunLogLine.mostBytes {
                let bytes = try line.bytes
                let isRoom = number < RunLogLine.most && total + bytes <= RunLogLine.mostBytes
                number += 1
                total = isRoom ? total + bytes : RunLogLine.mostBytes + 1
                try connection.insert(isRoom ? line : .end(at: line.at), number, total: total, of: run)
            }
        }
    }

    package func pruneLogs(before time: Date) async throws {
        let batch = 5000
        while try await sql.write({ connection in
            try connection.run(
                """
                DELETE FROM run_logs WHERE (run_id, number) IN (
                    SELECT run_id, number FROM run_logs WHERE run_id < ? ORDER BY run_id, number LIMIT ?)
                """, [.text(RunQuery.bound(time)), SQLValue(batch)])
        }) == batch {}
    }

    package func logs(of run: BackupID, _ page: PageRequest) async throws -> Page<RunLogLine> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM run_logs WHERE run_id = ? AND number > ? ORDER BY number LIMIT ?",
                [.text(run.string), .integer(try page.after().flatMap { Int64($0) } ?? 0), SQLValue(page.limit + 1)])
            let lines = try rows.map { row in
                (number: try row.integer("number"), line: try RunLogLine(row: row))
            }
            let last = lines.count > page.limit ? lines[page.limit - 1].number : nil
            return Page(items: lines.prefix(page.limit).map(\.line), nextCursor: last.map { PageCursor.after("\($0)") })
        }
    }
}

extension SQLConnection {
    fileprivate func insert(_ line: RunLogLine, _ number: Int, total: Int, of id: BackupID) throws {
        try run(
            """
            INSERT INTO run_logs (run_id, number, at, level, message, fields, total_bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(id.string), SQLValue(number), SQLValue(line.at), .text(line.level), .text(line.message),
                .text(try JSONText.of(line.fields)), SQLValue(total),
            ])
    }
}

extension RunLogLine {
    init(row: SQLRow) throws {
        self.init(
            at: try row.date("at"), level: try row.text("level"), message: try row.text("message"),
            fields: try row.json("fields"))
    }

    fileprivate static func end(at time: Date) -> RunLogLine {
        RunLogLine(at: time, level: "warn", message: "further lines of this run are not kept", fields: [:])
    }

    /// Of its texts, as they are stored.
    fileprivate var bytes: Int {
        get throws { level.utf8.count + message.utf8.count + (try JSONText.of(fields)).utf8.count }
    }
}
