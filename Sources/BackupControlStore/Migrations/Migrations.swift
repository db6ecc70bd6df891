/// Brings the tables to the version that this program knows, one step after the other, each in the write that also counts it.
enum Migrations {
    /// The first brings an empty database to version 1, and so on.
    private static let steps = [Migration0001.sql]

    static func run(on database: any SQLDatabase) async throws {
        try await database.write { connection in
            // Replicas that start together wait for each other here.
            if connection.dialect.isPostgreSQL { _ = try connection.rows("SELECT pg_advisory_xact_lock(7211540862)") }
            try connection.script("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
            let found = try connection.row("SELECT version FROM schema_version")?.int("version")
            guard found ?? 0 <= steps.count else {
                throw ControlStoreError.newerSchema(found: found ?? 0, known: steps.count)
            }
            guard found != steps.count else { return }
            for step in steps.dropFirst(found ?? 0) { try connection.script(connection.dialect.tables(step)) }
            try connection.run("DELETE FROM schema_version")
            try connection.run("INSERT INTO schema_version (version) VALUES (?)", [SQLValue(steps.count)])
        }
    }
}
