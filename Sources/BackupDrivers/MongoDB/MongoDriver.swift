package import BackupCore

/// One database of a MongoDB deployment, or all of it with users and roles, over mongodump and mongorestore.
///
/// A dump is mongodump's archive. Memory: pipes of 1 MiB, and one document of 16 MiB.
package struct MongoDriver: DatabaseDriver {
    package let engine = DatabaseEngine.mongodb
    package var databaseName: String { target.name }
    package var host: String { target.host }
    package var scope: DatabaseScope { target.database == nil ? .server : .database }

    private let target: MongoTarget
    private let tools: MongoTools

    init(_ url: String, environment: [String: String], in place: any ToolPlace) throws(DriverError) {
        target = try MongoTarget(url, place: place)
        tools = MongoTools(place: place, temporary: environment["TMPDIR"] ?? "/tmp")
    }

    /// Behind the tool's version in a backup whose archive has an oplog: to be replayed when it is restored.
    private static let oplogOption = "--oplog"

    package func probe() async throws -> DatabaseFacts {
        var facts = try await facts(tool: "mongodump")
        if try await hasOplog(), let tool = facts.toolVersion { facts.toolVersion = "\(tool) \(Self.oplogOption)" }
        return facts
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        let version = try await tools.asking(target) { "MongoDB \(try $0.version())" }
        let hasOplog = try await hasOplog()
        let (tool, _) = try await tools.find("mongodump", database: version)
        let arguments = ["--archive"] + (hasOplog ? [Self.oplogOption] : [])
        return try await tools.calling("mongodump", at: tool, target.text, target, arguments) { call in
            try await call.read { source in
                let archive = MongoArchive(source, tool: call.name)
                let value = try await body(archive)
                guard counting else { return Dumped(value, fingerprint: nil) }
                // The dump's own documents were counted; but what is replayed from the oplog is not in these numbers.
                let moment = hasOplog ? Fingerprint.Moment.separate : .dump
                return Dumped(
                    value,
                    fingerprint: .success(
                        Fingerprint(moment: moment, engineVersion: version, databases: archive.databases())))
            }
        }
    }

    package func fingerprint() async throws -> Fingerprint? {
        try await tools.asking(target, counting: true) { [target] in try $0.fingerprint(of: target.database) }
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        for (option, isGiven) in [
            ("--no-owner", options.withoutOwners), ("--no-privileges", options.withoutPrivileges),
        ] where isGiven {
            throw DriverError.unsupportedOption(option, engine: "MongoDB")
        }
        let facts = try await facts(tool: "mongorestore")
        if let dump = Self.major(backup.engineVersion), let server = Self.major(facts.engineVersion), server < dump {
            throw DriverError.serverTooOld(
                database: databaseName, version: facts.engineVersion, dump: backup.engineVersion)
        }
        guard facts.isEmpty || options.overwrite else { throw DriverError.notEmpty(databaseName) }
        return facts
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let facts = try await facts(tool: "mongorestore")
        let (tool, _) = try await tools.find("mongorestore", database: facts.engineVersion)
        var arguments = ["--archive", "--stopOnError"]
        if options.overwrite { arguments.append("--drop") }
        // Of one database alone it can't be: the operations are the whole server's.
        if options.only == nil, target.database == nil, backup.toolVersion?.hasSuffix(" " + Self.oplogOption) == true {
            arguments.append("--oplogReplay")
        }
        if let only = options.only { arguments.append("--nsInclude=\(Self.pattern(only)).*") }
        if let database = target.database {
            // Whatever it was called, it goes into the one that the URL names.
            arguments += ["--nsFrom=$db$.$collection$", "--nsTo=\(Self.pattern(database)).$collection$"]
        }
        do {
            return try await tools.calling("mongorestore", at: tool, target.serverText, target, arguments) { call in
                try await call.write(end: RestoreEnd(), body)
            }
        } catch {
            // A task of its own: the cancellation that may have brought us here would end these questions too.
            let (tools, target) = (tools, target)
            let isEmpty = await Task { try? await tools.asking(target) { try $0.isEmpty(target.database) } }.value
            let state: TargetState = isEmpty.map { $0 && facts.isEmpty ? .unchanged : .partial } ?? .unknown
            if error is CancellationError, state == .unchanged { throw error }
            let underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
            throw RestoreFailure(database: databaseName, state: state, underlying: underlying)
        }
    }

    /// With the operations that came meanwhile, a dump is of one moment: its end. Only of a whole server.
    private func hasOplog() async throws -> Bool {
        let isServer = scope == .server
        return try await tools.asking(target) { try isServer && $0.hasOplog() }
    }

    private func facts(tool name: String) async throws -> DatabaseFacts {
        let (version, isEmpty) = try await tools.asking(target) { [target] in
            ("MongoDB \(try $0.version())", try $0.isEmpty(target.database))
        }
        let (_, toolVersion) = try await tools.find(name, database: version)
        return DatabaseFacts(
            engine: engine, engineVersion: version, toolVersion: "\(name) \(toolVersion)", sizeBytes: nil,
            isEmpty: isEmpty)
    }

    /// In patterns of namespaces, `*` and `$` mean something; names can't have `$`, and a backslash takes `*` as it is.
    private static func pattern(_ name: String) -> String {
        name.replacingBytes("\\", with: "\\\\").replacingBytes("*", with: "\\*")
    }

    /// 7 of `MongoDB 7.0.5`.
    private static func major(_ version: String) -> Int? {
        version.split(separator: " ").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
