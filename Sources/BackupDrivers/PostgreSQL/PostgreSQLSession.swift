internal import BackupCore

/// A session with a PostgreSQL server, for one blocking thread: over libpq, or over psql where only that gets there.
protocol PostgreSQLSession: AnyObject {
    /// The database that it is connected to.
    var database: String { get }
    /// The server's version as a number: 150004 for 15.4.
    var serverVersion: Int { get }
    /// Every row's columns as text. All of it is ours: what is somebody else's goes through ``quoted(_:)``.
    /// - Parameter limit: in seconds.
    @discardableResult
    func query(_ sql: String, seconds limit: Int) throws -> [[String?]]
    /// Runs one statement of somebody else's. No tool of ours looks into it.
    func execute(_ statement: String) throws
    /// `name` as SQL writes it.
    func quoted(_ name: String) throws(DriverError) -> String
}

extension PostgreSQLSession {
    /// Longer than the server's own timeout, whose error says more.
    static var querySeconds: Int { 90 }
    /// No query of ours takes longer on a server that is well, counting rows aside.
    static var statementTimeout: String { "60s" }

    @discardableResult
    func query(_ sql: String) throws -> [[String?]] { try query(sql, seconds: Self.querySeconds) }

    /// What every session begins with.
    func prepare() throws {
        // An empty search_path first: with any other, a function in the database could stand in for the server's own.
        try query(
            """
            SELECT pg_catalog.set_config('search_path', '', false),
              pg_catalog.set_config('statement_timeout', '\(Self.statementTimeout)', false),
              pg_catalog.set_config('client_encoding', 'UTF8', false)
            """)
        // A server cuts names that are too long, and lets in to what is left; a pooler may send us somewhere else.
        let found = try query("SELECT pg_catalog.current_database()").first?.first ?? nil
        guard let found, found.equalsBytes(database) else { throw DriverError.unknownDatabase(database) }
    }
}

/// How a server is reached.
struct PostgreSQLAccess: Sendable {
    let target: PostgreSQLTarget
    let tools: PostgreSQLTools

    /// Runs `body` with a session on a thread of its own.
    /// - Parameter database: another one of the same server.
    func with<R: Sendable>(
        database: String? = nil, _ body: @escaping @Sendable (any PostgreSQLSession) throws -> R
    ) async throws -> R {
        if tools.place.sharesFiles { return try await PostgreSQLConnection.with(target, database: database, body) }
        return try await PostgreSQLShell.with(self, database: database ?? target.database, body)
    }

    /// Runs `body` in a database that every server has.
    func maintain<R: Sendable>(_ body: @escaping @Sendable (any PostgreSQLSession) throws -> R) async throws -> R {
        do {
            return try await with(database: "postgres", body)
        } catch DriverError.unknownDatabase {
            return try await with(database: "template1", body)
        }
    }

    /// Another database of the same server.
    func other(_ database: String) -> PostgreSQLAccess {
        PostgreSQLAccess(target: target.with(database: database), tools: tools)
    }
}
