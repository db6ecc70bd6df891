package import BackupCore
internal import Synchronization

/// All of a PostgreSQL server: roles and tablespaces, and every database that takes connections, each from a snapshot of its
/// own.
///
/// A dump is a ``ServerArchive``. Each database is restored as a new one, so one that fails is dropped again. Memory: a piece
/// of the archive (4 MiB) and pipes of 1 MiB.
package struct PostgreSQLServerDriver: DatabaseDriver {
    package let engine = DatabaseEngine.postgresql
    package let scope = DatabaseScope.server
    package let databaseName = "all-databases"
    package var host: String { access.target.host }

    private let access: PostgreSQLAccess

    init(_ access: PostgreSQLAccess) { self.access = access }

    package func probe() async throws -> DatabaseFacts { try await facts(tool: "pg_dump") }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        let relay = try Relay()
        async let produced = produce(into: relay, counting: counting)
        do {
            let value = try await body(relay)
            return Dumped(value, fingerprint: try await produced)
        } catch {
            relay.cancel()
            throw error
        }
    }

    package func fingerprint() async throws -> Fingerprint? {
        var parts: [Fingerprint] = []
        for name in try await access.maintain({ try $0.databases() }) {
            if let part = try await database(name).fingerprint() { parts.append(part) }
        }
        return Self.merge(parts)
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        var facts = try await facts(tool: nil)
        if let dump = PostgreSQLDriver.major(backup.engineVersion),
            let server = PostgreSQLDriver.major(facts.engineVersion),
            server < dump
        {
            throw DriverError.serverTooOld(
                database: databaseName, version: facts.engineVersion, dump: backup.engineVersion)
        }
        let server = PostgreSQLDriver.major(facts.engineVersion) ?? 0
        let restorer = try await PostgreSQLRestorer.find(access, for: backup, into: server)
        facts.toolVersion = "pg_restore \(restorer.tool.version)"
        return facts
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let relay = try Relay()
        let restore = PostgreSQLServerRestore(access, backup: backup, options: options)
        async let consumed: Void = restore.run(from: relay)
        do {
            let value = try await body(relay)
            relay.finish()
            try await consumed
            return value
        } catch {
            // What the restore failed with is what the writer then sees; its own failure ends the restore.
            relay.fail(error)
            var cause = error
            do { try await consumed } catch { cause = error }
            throw restore.failure(cause)
        }
    }

    // MARK: The dump

    private func produce(into relay: Relay, counting: Bool) async throws -> Result<Fingerprint, any Error>? {
        do {
            let names = try await access.maintain { try $0.databases() }
            let contents = ServerArchive.Contents(names)
            let writer = ServerArchiveWriter(relay)
            try await BlockingThread.run("archive") { try writer.add(contents) }
            try await globals { source in
                try await BlockingThread.run("archive") { try writer.add(ServerArchive.globalsName, from: source) }
            }
            var parts: [Result<Fingerprint, any Error>?] = []
            for entry in contents.databases {
                let dumped = try await database(entry.name).dump(counting: counting) { source in
                    try await BlockingThread.run("archive") { try writer.add(entry.file, from: source) }
                }
                parts.append(dumped.fingerprint)
            }
            try await BlockingThread.run("archive") { try writer.finish() }
            relay.finish()
            return counting ? Result { try parts.compactMap { $0 }.map { try $0.get() } }.map(Self.merge) : nil
        } catch {
            relay.fail(error)
            throw error
        }
    }

    /// Roles with their passwords' hashes, which only superusers can read; without them for others.
    private func globals(_ body: @Sendable (any ByteSource) async throws -> Void) async throws {
        let (version, isSuperuser) = try await access.maintain { ($0.serverVersion, try $0.isSuperuser) }
        let tool = try await access.tools.find("pg_dumpall", atLeast: version / 10000)
        let arguments =
            ["--globals-only", "--no-password", "--encoding=UTF8"] + (isSuperuser ? [] : ["--no-role-passwords"])
            + ["--dbname=\(access.target.connectionString)"]
        try await access.tools.call(tool, arguments: arguments, password: access.target.password).read(body)
    }

    private func database(_ name: String) -> PostgreSQLDriver {
        PostgreSQLDriver(access.other(name))
    }

    private func facts(tool name: String?) async throws -> DatabaseFacts {
        let (version, number, size, databases) = try await access.maintain { connection in
            let size =
                try? connection.query(
                    """
                    SELECT pg_catalog.sum(pg_catalog.pg_database_size(oid)) FROM pg_catalog.pg_database
                    WHERE datallowconn AND datname NOT IN ('template0', 'template1')
                    """
                ).first?.first ?? nil
            return (try connection.versionName(), connection.serverVersion, size, try connection.databases())
        }
        var tool: String?
        if let name { tool = "\(name) \(try await access.tools.find(name, atLeast: number / 10000).version)" }
        return DatabaseFacts(
            engine: engine, engineVersion: version, toolVersion: tool,
            sizeBytes: size.flatMap { UInt64($0) }, isEmpty: databases == ["postgres"])
    }

    private static func merge(_ parts: [Fingerprint]) -> Fingerprint {
        Fingerprint(
            moment: parts.allSatisfy { $0.moment == .dump } ? .dump : .separate,
            engineVersion: parts.first?.engineVersion ?? "PostgreSQL", databases: parts.flatMap(\.databases))
    }
}
