internal import BackupCore

extension PostgreSQLAccess {
    /// Exports a snapshot for pg_dump, and counts what is in it.
    ///
    /// Source: PostgreSQL's documentation, "Snapshot Synchronization Functions".
    func count(in snapshot: SharedSnapshot) async throws -> Fingerprint {
        try await with { connection in
            try connection.begin()
            // A standby before PostgreSQL 10 has none; then the counts are of another moment, and say so.
            let name = try? connection.query("SELECT pg_catalog.pg_export_snapshot()").first?.first ?? nil
            if name == nil {
                try connection.query("ROLLBACK")
                try connection.begin()
            }
            snapshot.open(name)
            try snapshot.waitUntilTaken()
            let contents = try connection.contents()
            return Fingerprint(
                moment: name == nil ? .separate : .dump, engineVersion: try connection.versionName(),
                databases: [contents])
        }
    }
}
