package import BackupCore

/// One database of a MySQL or MariaDB server, or all of them with users and grants, over the dump tool and the shell that
/// fit the server.
///
/// A dump is SQL text with multi-row inserts. MySQL commits at every change of a table, so a restore that fails leaves a
/// part; into a database that it made itself, it takes that away again. Memory: pipes of 1 MiB, 16 MiB for a line of the
/// shell's.
package struct MySQLDriver: DatabaseDriver {
    package let engine: DatabaseEngine
    package var databaseName: String { target.name }
    package var host: String { target.host }
    package var scope: DatabaseScope { target.database == nil ? .server : .database }

    private let target: MySQLTarget
    private let tools: MySQLTools

    /// - Parameters:
    ///   - url: `mysql://…` or `mariadb://…`.
    ///   - environment: of this process: `MYSQL_PWD` and TMPDIR.
    ///   - place: where the tools run.
    init(_ url: String, environment: [String: String], in place: any ToolPlace) throws(DriverError) {
        target = try MySQLTarget(url, environment: environment, place: place)
        tools = MySQLTools(in: place, temporary: environment["TMPDIR"] ?? "/tmp")
        engine = url.lowercased().hasPrefix("mariadb:") ? .mariadb : .mysql
    }

    package func probe() async throws -> DatabaseFacts {
        let facts = try await self.facts()
        return describe(facts, tool: try await tools.find(.dump, for: facts.version))
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        let version = try await facts().version
        let tool = try await tools.find(.dump, for: version)
        let (databases, defaults) = try await MySQLShell.with(target, tools, database: target.database) {
            [target] shell in
            (try shell.databases(), try target.database.flatMap { try shell.defaults(of: $0) })
        }
        return try await SharedSnapshot.with(
            counting: counting,
            count: { [target, tools] in
                try await MySQLFingerprint.count(target, tools, in: $0)
            }
        ) { snapshot in
            let prefix = defaults.map { "ALTER DATABASE \($0);\n" } ?? ""
            // Users come last, because grants name tables. Not with the data: --insert-ignore would hide its errors.
            let users = ["--system=users", "--insert-ignore", "--default-character-set=utf8mb4"]
            let hasUsers = scope == .server && tool.options.contains("system")
            if hasUsers, databases.isEmpty {
                return try await reading(tool, users) {
                    try await body(MySQLDump([snapshot.watching($0)], prefix: prefix, tool: tool.name))
                }
            }
            return try await reading(tool, dumpArguments(tool, databases: databases)) { data in
                guard hasUsers else {
                    return try await body(MySQLDump([snapshot.watching(data)], prefix: prefix, tool: tool.name))
                }
                return try await reading(tool, users) {
                    try await body(MySQLDump([snapshot.watching(data), $0], prefix: prefix, tool: tool.name))
                }
            }
        }
    }

    package func fingerprint() async throws -> Fingerprint? {
        try await MySQLShell.with(target, tools) { [target] shell in
            try shell.allowLongQueries()
            try shell.beginSnapshot()
            return try shell.fingerprint(of: target.database, .separate)
        }
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        try refuse(options)
        let (facts, _) = try await targetFacts(options)
        if let dump = MySQLVersion(described: backup.engineVersion) {
            guard dump.flavour == facts.version.flavour else {
                throw DriverError.otherFlavour(
                    database: databaseName, server: facts.version.description, dump: backup.engineVersion)
            }
            guard !facts.version.isOlder(than: dump) else {
                throw DriverError.serverTooOld(
                    database: databaseName, version: facts.version.description, dump: backup.engineVersion)
            }
        }
        guard facts.isEmpty || options.overwrite else { throw DriverError.notEmpty(databaseName) }
        return describe(facts, tool: try await tools.find(.shell, for: facts.version))
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        try refuse(options)
        let (facts, exists) = try await targetFacts(options)
        let tool = try await tools.find(.shell, for: facts.version)
        if !exists, let database = target.database {
            try await MySQLShell.with(target, tools) { try $0.createDatabase(database) }
        }
        // In binary mode the shell has no commands, such as \! and source: what is in a dump is SQL.
        var arguments = [
            "--batch", "--binary-mode", "--max-allowed-packet=1G", "--default-character-set=utf8mb4",
            "--connect-timeout=10",
        ]
        if tool.options.contains("sandbox") { arguments.append("--sandbox") }
        if let database = target.database { arguments.append("--database=\(database)") }
        let account = scope == .server ? try await MySQLShell.with(target, tools) { try $0.ownAccount() } : nil
        do {
            return try await tools.calling(tool, target, arguments) { call in
                try await call.write(end: RestoreEnd()) { sink in
                    let value = try await body(sink)
                    // The backup may give our own account another password; whoever restores keeps theirs.
                    if let account {
                        try await BlockingThread.run("restore") {
                            try Array("\n\(account);\n".utf8).withUnsafeBytes { try sink.write($0) }
                        }
                    }
                    return value
                }
            }
        } catch {
            throw await failure(error, existed: exists, wasEmpty: facts.isEmpty)
        }
    }

    // MARK: The dump

    private func reading<R: Sendable>(
        _ tool: MySQLTools.Found, _ arguments: [String], _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> R {
        try await tools.calling(tool, target, arguments) { try await $0.read(body) }
    }

    private func dumpArguments(_ tool: MySQLTools.Found, databases: [String]) -> [String] {
        var arguments = [
            "--single-transaction", "--quick", "--routines", "--triggers", "--events", "--hex-blob", "--no-autocommit",
            "--max-allowed-packet=1G", "--default-character-set=utf8mb4",
        ]
        // Each only where this tool knows it: an unknown option ends it.
        let wishes = [
            ("dump-history", "--dump-history"),
            // Statistics are the server's own business, and reading them fails on other flavours.
            ("column-statistics", "--column-statistics=0"),
            // The position in the source's binary log is nothing that a restored database could use.
            ("set-gtid-purged", "--set-gtid-purged=OFF"),
            // Tablespaces would take the right PROCESS.
            ("no-tablespaces", "--no-tablespaces"),
        ]
        arguments += wishes.filter { tool.options.contains($0.0) }.map(\.1)
        if let database = target.database { return arguments + ["--", database] }
        // MySQL's tool has no statements for users; their tables come with the system's database.
        guard tool.options.contains("system") else { return arguments + ["--all-databases", "--flush-privileges"] }
        return arguments + ["--databases", "--"] + databases
    }

    private func facts() async throws -> MySQLShell.Facts {
        try await MySQLShell.with(target, tools, database: target.database) { [target] in
            try $0.facts(of: target.database)
        }
    }

    private func describe(_ facts: MySQLShell.Facts, tool: MySQLTools.Found) -> DatabaseFacts {
        DatabaseFacts(
            engine: facts.version.flavour, engineVersion: facts.version.description,
            toolVersion: "\(tool.name) \(tool.version.number)", sizeBytes: facts.sizeBytes, isEmpty: facts.isEmpty)
    }

    // MARK: The target

    private func refuse(_ options: RestoreOptions) throws {
        let unknown = [
            ("--no-owner", options.withoutOwners), ("--no-privileges", options.withoutPrivileges),
            ("--database", options.only != nil),
        ]
        if let option = unknown.first(where: \.1) { throw DriverError.unsupportedOption(option.0, engine: "MySQL") }
    }

    /// What is there before a restore, and whether the database is.
    private func targetFacts(_ options: RestoreOptions) async throws -> (MySQLShell.Facts, exists: Bool) {
        do {
            return (try await facts(), true)
        } catch DriverError.unknownDatabase where options.create {
            let version = try await MySQLShell.with(target, tools) { try $0.version() }
            return (MySQLShell.Facts(version: version, sizeBytes: nil, isEmpty: true), false)
        }
    }

    /// `error` with what the target holds now.
    private func failure(_ error: any Error, existed: Bool, wasEmpty: Bool) async -> any Error {
        // A task of its own: the cancellation that may have brought us here would end these queries too.
        let state = await Task { await self.state(existed: existed, wasEmpty: wasEmpty) }.value
        if error is CancellationError, state == .unchanged { return error }
        var underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
        if case DriverError.toolFailed(_, _, let words) = error,
            let known = MySQLWords.error(words, database: databaseName)
        {
            underlying = known
        }
        return RestoreFailure(database: databaseName, state: state, underlying: underlying)
    }

    private func state(existed: Bool, wasEmpty: Bool) async -> TargetState {
        do {
            return try await MySQLShell.with(target, tools) { [target] shell in
                if !existed, let database = target.database {
                    try shell.dropDatabase(database)
                    return .unchanged
                }
                return try wasEmpty && shell.isEmpty(target.database) ? .unchanged : .partial
            }
        } catch {
            return .unknown
        }
    }
}
