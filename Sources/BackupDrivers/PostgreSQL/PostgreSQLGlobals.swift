internal import BackupCore

/// Roles and tablespaces, as pg_dumpall writes them, put into a server by psql.
struct PostgreSQLGlobals: Sendable {
    private let access: PostgreSQLAccess

    init(_ access: PostgreSQLAccess) { self.access = access }

    /// Roles that exist already, as at least one does on every server, are kept, and get the backup's attributes.
    /// - Throws: the first other failure; what came before it stays.
    func restore(_ body: @escaping @Sendable (any ByteSink) async throws -> Void) async throws {
        let version = try await access.maintain { $0.serverVersion }
        let tool = try await access.tools.find("psql", atLeast: version / 10000)
        let arguments = [
            "--no-psqlrc", "--quiet", "--no-password", "--set=VERBOSITY=sqlstate",
            "--dbname=\(access.target.connectionString)",
        ]
        let words = try await access.tools.call(tool, arguments: arguments, password: access.target.password)
            .writeAndListen(end: RestoreEnd(), body)
        // duplicate_object
        let states = words.matches(of: /(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5})/).map { String($0.1) }
        if let state = states.first(where: { $0 != "42710" }) {
            throw DriverError.queryFailed(
                access.target.database, sqlState: state, reason: "the roles or tablespaces could not be made")
        }
    }
}
