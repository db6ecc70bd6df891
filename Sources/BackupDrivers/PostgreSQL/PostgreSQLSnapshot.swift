internal import BackupCore

extension PostgreSQLAccess {
    /// Exports a snapshot for pg_dump, and counts what is in it.
    ///
    /// Source: PostgreSQL's documentation, "Snapshot Synchronization Functions".
    func count(in snapshot: SharedSnapshot) async throws -> Fingerprint {
        try await with { session in
            try session.beginWithLocks()
            // A standby before PostgreSQL 10 has none; then the counts are of another moment, and say so.
            let name = try? session.query("SELECT pg_catalog.pg_export_snapshot()").first?.first ?? nil
            if name == nil {
                try session.query("ROLLBACK")
                try session.beginWithLocks()
            }
            snapshot.open(name)
            try session.wait(for: snapshot)
            let contents = try session.contents()
            return Fingerprint(
                moment: name == nil ? .separate : .dump, engineVersion: try session.versionName(),
                databases: [contents])
        }
    }
}

extension PostgreSQLSession {
    /// How long a lock on a table is waited for, and how long others may wait for ours before pg_dump has its own.
    static var lockSeconds: Int { 5 }

    /// Begins a transaction, and locks the tables before it looks at them.
    ///
    /// A snapshot doesn't hold a TRUNCATE or a rewriting ALTER up, and shows the table empty after it (PostgreSQL's
    /// documentation, "Caveats" of "Concurrency Control"): counted and dumped as 0 rows that were never there.
    /// - Throws: ``DriverError/queryFailed(_:sqlState:reason:)`` when a lock can't be had.
    fileprivate func beginWithLocks() throws {
        for _ in 1...3 {
            let names = try tableNames()
            try begin()
            do { try lock(names) } catch DriverError.queryFailed(_, let state, _)
                where ["42P01", "3F000"].contains(state)
            {
                // undefined_table, invalid_schema_name: dropped since
                try query("ROLLBACK")
                continue
            }
            let locked = Set(names.map { Array($0.utf8) })
            if try tableNames().allSatisfy({ locked.contains(Array($0.utf8)) }) { return }
            // One was made since.
            try query("ROLLBACK")
        }
        throw DriverError.queryFailed(
            database, sqlState: "55P03", reason: "its tables were made and dropped faster than they could be locked")
    }

    private func lock(_ names: [String]) throws {
        for start in stride(from: 0, to: names.count, by: 500) {
            let some = names[start..<min(start + 500, names.count)].map { "ONLY " + $0 }.joined(separator: ", ")
            try query("LOCK TABLE \(some) IN ACCESS SHARE MODE")
        }
    }

    /// Waits until pg_dump has its own locks, but not while others wait for ours.
    ///
    /// Whoever waits for ours, and for whom pg_dump then waits, would wait for ever.
    fileprivate func wait(for snapshot: SharedSnapshot) throws {
        var seconds = 0
        while try !snapshot.waitUntilTaken(atMost: .seconds(1)) {
            // pg_blocking_pids is from 9.6.
            guard serverVersion >= 90_600 else { continue }
            let waiting = try query(
                """
                SELECT pid FROM pg_catalog.pg_locks
                WHERE NOT granted AND pg_catalog.pg_backend_pid() = ANY (pg_catalog.pg_blocking_pids(pid)) LIMIT 1
                """)
            seconds = waiting.isEmpty ? 0 : seconds + 1
            guard seconds < Self.lockSeconds else {
                throw DriverError.queryFailed(
                    database, sqlState: "55P03", reason: "another session waited for the tables to be counted")
            }
        }
    }
}
