package import BackupCore
internal import Glibc

/// An RDB file: what a server writes with BGSAVE, and what a new one starts from.
///
/// `rdb:///var/lib/redis/dump.rdb`. To start a server from a restored file, it must be stopped, with `appendonly no`, and the file
/// must be `dbfilename` in `dir`; AOF can be switched on again when it runs. Memory: 1 MiB.
package struct RDBFileDriver: DatabaseDriver {
    package let engine = DatabaseEngine.redis
    package let scope = DatabaseScope.server
    package let databaseName: String
    package var host: String { LocalHost.name }
    private let path: String

    /// - Parameter url: `rdb:///ABSOLUTE/PATH`.
    init(_ url: String) throws(DriverError) {
        let parts = try ConnectionURL(url, parameters: [])
        guard parts.host == nil, !parts.path.isEmpty, !parts.path.hasSuffix("/") else {
            throw .invalidURL(reason: "an RDB file is given by its absolute path")
        }
        path = "/" + parts.path
        databaseName = parts.path.split(separator: "/").last.map(String.init) ?? parts.path
    }

    package func probe() async throws -> DatabaseFacts {
        var status = stat()
        guard stat(path, &status) == 0 else { throw DriverError.fileNotFound(path) }
        return DatabaseFacts(
            engine: engine, engineVersion: "RDB", toolVersion: nil, sizeBytes: UInt64(clamping: status.st_size),
            isEmpty: status.st_size == 0)
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        Dumped(try await body(RDBSource(try FileSource(path), name: path)), fingerprint: nil)
    }

    package func fingerprint() async throws -> Fingerprint? { nil }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        try RedisVersion.refuse(options)
        let exists = access(path, F_OK) == 0
        guard !exists || options.overwrite else { throw DriverError.notEmpty(path) }
        return DatabaseFacts(
            engine: engine, engineVersion: "RDB", toolVersion: nil, sizeBytes: nil, isEmpty: !exists)
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let replaces = options.overwrite && access(path, F_OK) == 0
        let output = try OutputFile(path, replacing: replaces)
        do {
            let value = try await body(output)
            try await BlockingThread.run("rdb") { try replaces ? output.replace() : output.commit() }
            return value
        } catch {
            output.discard()
            if error is CancellationError { throw error }
            let underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
            let state: TargetState = output.isInPlace ? .complete : .unchanged
            throw RestoreFailure(database: path, state: state, underlying: underlying)
        }
    }
}

/// A file's bytes. For one blocking thread.
private final class FileSource: ByteSource {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? DriverError.fileNotFound(path) : CoreError.systemCall("open", on: path, errno: errno)
        }
    }

    deinit { close(descriptor) }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, space.baseAddress, space.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CoreError.systemCall("read", on: path, errno: errno) }
            return count
        }
    }

    // Reads of a file don't wait for anybody.
    func cancel() {}
}
