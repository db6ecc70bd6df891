internal import BackupCore

/// The way of a dump into a server: pg_restore, or pg_restore and psql where pg_restore can't speak to the server.
///
/// pg_restore reads what pg_dump of its own version or an older one wrote. From 17 on it begins with
/// `SET transaction_timeout`, which servers before 17 refuse. Then it only writes SQL, ``ScriptForOlderServers`` takes that
/// line out, and psql runs the rest.
struct PostgreSQLRestorer: Sendable {
    private let access: PostgreSQLAccess
    let tool: PostgreSQLTools.Found
    private let shell: PostgreSQLTools.Found?

    /// - Parameter server: its major version.
    /// - Throws: ``DriverError`` where no tool can do it.
    static func find(_ access: PostgreSQLAccess, for backup: DumpFacts, into server: Int) async throws -> Self {
        let writer = backup.toolVersion ?? backup.engineVersion
        let all = try await access.tools.every("pg_restore")
        guard let newest = all.max(by: { $0.major < $1.major }) else { throw DriverError.toolNotFound("pg_restore") }
        guard newest.major >= server else {
            throw DriverError.toolTooOld("pg_restore", version: newest.version, database: "PostgreSQL \(server)")
        }
        let able = all.filter { $0.major >= max(server, PostgreSQLDriver.major(writer) ?? 0) }
        guard !able.isEmpty else {
            throw DriverError.toolDoesNotFit(
                "pg_restore", version: newest.version, reason: "the backup was written by \(writer)")
        }
        let direct = able.filter { server >= 17 || $0.major < 17 }
        // The first one in PATH when it is of the server's version, as for dumps.
        if let tool = direct.first(where: { $0.path == all[0].path && $0.major == server }) ?? oldest(direct) {
            return PostgreSQLRestorer(access: access, tool: tool, shell: nil)
        }
        let reason = "it needs psql of its version to restore into PostgreSQL \(server), both 17.6, 18 or newer"
        guard let tool = oldest(able.filter(isRestrictable)),
            let shell = oldest(
                try await access.tools.every("psql").filter { isRestrictable($0) && $0.major >= tool.major })
        else { throw DriverError.toolDoesNotFit("pg_restore", version: newest.version, reason: reason) }
        return PostgreSQLRestorer(access: access, tool: tool, shell: shell)
    }

    /// Runs pg_restore with what `body` writes.
    /// - Parameters:
    ///   - database: where it begins.
    ///   - end: reached when it has all of the dump.
    func run<R: Sendable>(
        _ arguments: [String], in database: String, end: RestoreEnd,
        _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let target = access.target.with(database: database)
        let destination = "--dbname=\(target.connectionString)"
        guard let shell else {
            return try await access.tools.call(tool, arguments: arguments + [destination], password: target.password)
                .write(end: end, body)
        }
        let script = access.tools.call(tool, arguments: arguments + ["--file=-"], password: nil)
        let shellArguments = [
            "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null", destination,
            "--file=-",
        ]
        return try await access.tools.call(shell, arguments: shellArguments, password: target.password)
            .write(end: RestoreEnd()) { sink in
                let filter = ScriptForOlderServers(into: sink, reconnects: arguments.contains("--create"))
                let value = try await script.translate(into: filter, end: end, body)
                try await BlockingThread.run("restore") { try filter.finish() }
                return value
            }
    }

    private static func oldest(_ tools: [PostgreSQLTools.Found]) -> PostgreSQLTools.Found? {
        tools.min { ($0.major, $1.minor) < ($1.major, $0.minor) }
    }

    /// Whether it knows `\restrict`: without that, a forged archive could run commands of psql's on this machine
    /// (CVE-2025-8714).
    private static func isRestrictable(_ tool: PostgreSQLTools.Found) -> Bool {
        tool.major >= 18 || (tool.major == 17 && tool.minor >= 6)
    }
}
