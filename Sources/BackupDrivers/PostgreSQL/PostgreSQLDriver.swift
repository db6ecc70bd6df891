package import BackupCore

/// One database of a PostgreSQL server, over pg_dump and pg_restore.
///
/// Dumps are in pg_dump's custom format, uncompressed: the pipeline compresses, and compressing twice costs most of
/// the time. Memory: a pipe of 1 MiB and 4 KiB of the tool's words.
package struct PostgreSQLDriver: DatabaseDriver {
    package let engine = DatabaseEngine.postgresql
    package let scope = DatabaseScope.database
    package var databaseName: String { target.database }
    package var host: String { target.host }

    private let access: PostgreSQLAccess
    private var target: PostgreSQLTarget { access.target }
    private var tools: PostgreSQLTools { access.tools }

    init(_ access: PostgreSQLAccess) { self.access = access }

    /// The driver for a database, or for a whole server where no database is named.
    /// - Parameters:
    ///   - url: any of libpq's forms.
    ///   - environment: of this process: libpq's variables.
    ///   - place: where the tools run.
    static func named(
        _ url: String, environment: [String: String], in place: any ToolPlace
    ) throws(DriverError) -> any DatabaseDriver {
        let target = try PostgreSQLTarget(url, environment: environment, place: place)
        let access = PostgreSQLAccess(target: target, tools: PostgreSQLTools(in: place))
        return target.name == nil ? PostgreSQLServerDriver(access) : PostgreSQLDriver(access)
    }

    package func probe() async throws -> DatabaseFacts {
        let (facts, version) = try await access.with { (try $0.facts(), $0.serverVersion) }
        let tool = try await tools.find("pg_dump", atLeast: version / 10000)
        return DatabaseFacts(
            engine: engine, engineVersion: facts.version, toolVersion: "pg_dump \(tool.version)",
            sizeBytes: facts.sizeBytes,
            isEmpty: facts.isEmpty)
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        let version = try await access.with { $0.serverVersion }
        let tool = try await tools.find("pg_dump", atLeast: version / 10000)
        return try await SharedSnapshot.with(counting: counting, count: { [access] in try await access.count(in: $0) })
        { snapshot in
            let call = tools.call(
                tool,
                arguments: ["--format=custom", "--compress=0", "--no-password"]
                    + (snapshot.name.map { ["--snapshot=\($0)"] } ?? [])
                    + ["--dbname=\(target.connectionString)"],
                password: target.password)
            return try await call.read(magic: Array("PGDMP".utf8)) { source in
                try await body(snapshot.watching(source))
            }
        }
    }

    package func fingerprint() async throws -> Fingerprint? {
        try await access.with { connection in
            try connection.begin()
            return Fingerprint(
                moment: .separate, engineVersion: try connection.versionName(), databases: [try connection.contents()])
        }
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        let (facts, version) = try await targetFacts(options)
        let backupMajor = Self.major(backup.engineVersion)
        if let backupMajor, version / 10000 < backupMajor {
            throw DriverError.serverTooOld(
                database: databaseName, version: facts.version, dump: backup.engineVersion)
        }
        guard facts.isEmpty || options.overwrite else { throw DriverError.notEmpty(databaseName) }
        let restorer = try await PostgreSQLRestorer.find(access, for: backup, into: version / 10000)
        return DatabaseFacts(
            engine: engine, engineVersion: facts.version, toolVersion: "pg_restore \(restorer.tool.version)",
            sizeBytes: facts.sizeBytes,
            isEmpty: facts.isEmpty)
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let (facts, version) = try await targetFacts(options)
        let restorer = try await PostgreSQLRestorer.find(access, for: backup, into: version / 10000)
        let body = try selecting(body, from: backup, options)
        // One transaction: a restore that fails leaves the database as it was.
        var arguments = ["--format=custom", "--exit-on-error", "--single-transaction", "--no-password"]
        if options.overwrite { arguments += ["--clean", "--if-exists"] }
        if options.withoutOwners { arguments.append("--no-owner") }
        if options.withoutPrivileges { arguments.append("--no-privileges") }
        let end = RestoreEnd()
        var isMade = false
        do {
            if !facts.exists {
                try await maintain { try $0.createDatabase($1) }
                isMade = true
            }
            return try await restorer.run(arguments, in: databaseName, end: end, body)
        } catch {
            throw await failure(error, of: facts, isMade: isMade, mayBeComplete: end.isReached)
        }
    }

    /// Makes the database as it was, with its encoding, locale, owner, settings and grants, and restores into it.
    ///
    /// Not in a transaction, which can't make databases: one that fails is dropped. One that was there before is not touched.
    func restoreWithProperties(
        _ backup: DumpFacts, _ options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> Void
    ) async throws {
        let version = try await access.maintain { $0.serverVersion }
        let restorer = try await PostgreSQLRestorer.find(access, for: backup, into: version / 10000)
        // Also one that takes no connections.
        guard try await !maintain({ try $0.knowsDatabase($1) }) else {
            throw DriverError.queryFailed(databaseName, sqlState: "42P04", reason: "the database exists already")
        }
        var arguments = ["--format=custom", "--exit-on-error", "--create", "--no-password"]
        if options.withoutOwners { arguments.append("--no-owner") }
        if options.withoutPrivileges { arguments.append("--no-privileges") }
        do {
            // The name of the new database is in the dump.
            try await restorer.run(arguments, in: "postgres", end: RestoreEnd(), body)
        } catch {
            let (name, access) = (databaseName, access)
            // A task of its own: the cancellation that may have brought us here would end the query too.
            let dropped = await Task {
                try await access.maintain { if try $0.hasDatabase(name) { try $0.dropDatabase(name) } }
            }.result
            if case .success = dropped { throw error }
            let underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
            throw RestoreFailure(database: name, state: .partial, underlying: underlying)
        }
    }

    /// `body`, of whose bytes only those of one database are passed on, where the backup is a server's.
    private func selecting<R: Sendable>(
        _ body: @escaping @Sendable (any ByteSink) async throws -> R, from backup: DumpFacts, _ options: RestoreOptions
    ) throws -> @Sendable (any ByteSink) async throws -> R {
        guard backup.scope == .server else { return body }
        guard let only = options.only else { throw DriverError.noDatabaseName }
        return { sink in
            let selection = ServerArchiveSelection(of: only, into: sink)
            let value = try await body(selection)
            try selection.finish()
            return value
        }
    }

    // MARK: The target

    private struct TargetFacts: Sendable {
        let version: String
        let exists: Bool
        let isEmpty: Bool
        let sizeBytes: UInt64?
    }

    /// What is there before a restore; of a database that is still to be made, what its server is.
    private func targetFacts(_ options: RestoreOptions) async throws -> (TargetFacts, Int) {
        do {
            return try await access.with { connection in
                let facts = try connection.facts()
                let target = TargetFacts(
                    version: facts.version, exists: true, isEmpty: facts.isEmpty, sizeBytes: facts.sizeBytes)
                return (target, connection.serverVersion)
            }
        } catch DriverError.unknownDatabase where options.create {
            return try await maintain { connection, name in
                try connection.checkLength(of: name)
                let target = TargetFacts(
                    version: try connection.facts().version, exists: false, isEmpty: true, sizeBytes: nil)
                return (target, connection.serverVersion)
            }
        }
    }

    /// Connects to a database that every server has, to make or drop the target.
    private func maintain<R: Sendable>(
        _ body: @escaping @Sendable (any PostgreSQLSession, String) throws -> R
    ) async throws -> R {
        let name = databaseName
        return try await access.maintain { try body($0, name) }
    }

    /// `error` with what the target holds now.
    /// - Parameters:
    ///   - isMade: whether the database was made for this restore, and is ours to drop.
    ///   - mayBeComplete: whether pg_restore had all of the dump; before that it can't have committed.
    private func failure(
        _ error: any Error, of facts: TargetFacts, isMade: Bool, mayBeComplete: Bool
    ) async -> any Error {
        // A task of its own: the cancellation that may have brought us here would end these queries too.
        let state = await Task {
            if facts.exists { return await self.state(after: error, of: facts, mayBeComplete: mayBeComplete) }
            if isMade { return await self.stateAfterDropping(mayBeComplete: mayBeComplete) }
            return await self.stateAfterNotMaking(error)
        }.value
        if error is CancellationError, state == .unchanged { return error }
        let underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
        return RestoreFailure(database: databaseName, state: state, underlying: underlying)
    }

    private func stateAfterDropping(mayBeComplete: Bool) async -> TargetState {
        do {
            try await maintain { try $0.dropDatabase($1) }
            return .unchanged
        } catch {
            return mayBeComplete ? .unknown : .createdEmpty
        }
    }

    private func stateAfterNotMaking(_ error: any Error) async -> TargetState {
        // The server said no: what is there by now is somebody else's.
        if case DriverError.queryFailed = error { return .unchanged }
        // It gave no answer. It may have made the database, and so may somebody else: it stays.
        guard let exists = try? await maintain({ try $0.hasDatabase($1) }) else { return .unknown }
        return exists ? .createdEmpty : .unchanged
    }

    private func state(after error: any Error, of facts: TargetFacts, mayBeComplete: Bool) async -> TargetState {
        guard mayBeComplete else { return .unchanged }
        // Only of a database that was empty can it be seen whether the restore was committed.
        guard facts.isEmpty, let isEmpty = try? await access.with({ try $0.isEmpty() }) else {
            return .unknown
        }
        if !isEmpty { return .complete }
        // A tool that gave up by itself has rolled back; of one that was ended, the server may still be committing.
        if case DriverError.toolFailed = error { return .unchanged }
        return .unknown
    }

    /// 16 of `PostgreSQL 16.2`.
    static func major(_ version: String) -> Int? {
        version.split(separator: " ").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
