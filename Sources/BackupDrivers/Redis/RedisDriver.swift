package import BackupCore
internal import Glibc

/// A Redis or Valkey server, all its databases and functions, over redis-cli.
///
/// A dump is an RDB file as a replica gets it, one moment of the whole server. A restore replays it into a running server,
/// key by key. Memory: a dump's are pipes of 1 MiB; a restore's is one value, at most ``RDBReader/largestValue``.
package struct RedisDriver: DatabaseDriver {
    package let engine = DatabaseEngine.redis
    package let scope = DatabaseScope.server
    package var databaseName: String { target.name }
    package var host: String { target.host }

    private let target: RedisTarget
    private let tools: RedisTools

    init(_ url: String, environment: [String: String], in place: any ToolPlace) throws(DriverError) {
        target = try RedisTarget(url, environment: environment, place: place)
        tools = RedisTools(place: place)
    }

    package func probe() async throws -> DatabaseFacts {
        let info = try await tools.info(target)
        return DatabaseFacts(
            engine: engine, engineVersion: info.version, toolVersion: nil, sizeBytes: info.usedMemory,
            isEmpty: info.isEmpty)
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        // Also says what is wrong better than redis-cli does while it copies.
        let info = try await tools.info(target)
        let tool = try await tools.call(target, ["--rdb", "-"])
        let value = try await tool.read { try await body(RDBSource($0, name: tool.name)) }
        return Dumped(value, fingerprint: counting ? .success(info.fingerprint) : nil)
    }

    package func fingerprint() async throws -> Fingerprint? { try await tools.info(target).fingerprint }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        try RedisVersion.refuse(options)
        let facts = try await probe()
        try RedisVersion.check(dump: backup.engineVersion, server: facts.engineVersion, database: databaseName)
        guard facts.isEmpty || options.overwrite else { throw DriverError.notEmpty(databaseName) }
        return facts
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let tool = try await tools.call(target, ["--pipe"])
        let relay = try Relay()
        let replay = RedisReplay(replacing: options.overwrite)
        async let replayed: Void = tool.write(end: RestoreEnd()) { sink in
            do {
                try await BlockingThread.run("replay") { try replay.run(relay, into: sink) }
            } catch {
                relay.fail(error)
                throw error
            }
        }
        do {
            let value = try await body(relay)
            relay.finish()
            try await replayed
            return value
        } catch {
            relay.fail(error)
            var cause = error
            do { try await replayed } catch { cause = error }
            if cause is CancellationError, !replay.hasBegun { throw cause }
            let underlying = cause as? any BackupError ?? RestoreInterrupted(cause: cause)
            throw RestoreFailure(
                database: databaseName, state: replay.hasBegun ? .partial : .unchanged, underlying: underlying)
        }
    }
}
