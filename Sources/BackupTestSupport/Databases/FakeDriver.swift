package import BackupCore
internal import Synchronization

/// A database in memory: its dump is `contents`, and a restore puts it there.
package final class FakeDriver: DatabaseDriver {
    package struct Failure: Error, Equatable {
        package init() {}
    }

    package let engine: DatabaseEngine
    package let databaseName: String
    package let host = "db.example"
    package let scope = DatabaseScope.database
    private let state: Mutex<[UInt8]>
    private let failsAfter: Int?

    /// - Parameter failsAfter: so many bytes of a dump, also at its very end; nil for never.
    package init(
        _ contents: [UInt8], engine: DatabaseEngine = .postgresql, name: String = "app", failsAfter: Int? = nil
    ) {
        self.engine = engine
        databaseName = name
        state = Mutex(contents)
        self.failsAfter = failsAfter
    }

    package var contents: [UInt8] { state.withLock { $0 } }

    package func probe() async throws -> DatabaseFacts {
        DatabaseFacts(
            engine: engine, engineVersion: "PostgreSQL 16.2", toolVersion: nil, sizeBytes: nil,
            isEmpty: contents.isEmpty)
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        Dumped(
            try await body(FakeSource(contents, failsAfter: failsAfter)),
            fingerprint: counting ? fingerprintOfContents : nil)
    }

    package func fingerprint() async throws -> Fingerprint? { try fingerprintOfContents.get() }

    /// One table whose rows are the bytes.
    private var fingerprintOfContents: Result<Fingerprint, any Error> {
        let table = Fingerprint.Table(name: "bytes", rows: UInt64(contents.count))
        let database = Fingerprint.Database(name: databaseName, schemaDigest: nil, tables: [table])
        return .success(Fingerprint(moment: .dump, engineVersion: "PostgreSQL 16.2", databases: [database]))
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        try await probe()
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let sink = FakeSink()
        let value = try await body(sink)
        state.withLock { $0 = sink.bytes }
        return value
    }
}

/// Bytes in pieces of odd sizes.
package final class FakeSource: ByteSource {
    private struct State {
        var rest: ArraySlice<UInt8>
        var given = 0
        var isCancelled = false
    }

    private let state: Mutex<State>
    private let failsAfter: Int?

    package init(_ bytes: [UInt8], failsAfter: Int? = nil) {
        state = Mutex(State(rest: bytes[...]))
        self.failsAfter = failsAfter
    }

    package func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            if state.isCancelled { throw CancellationError() }
            if let failsAfter, state.given >= failsAfter { throw FakeDriver.Failure() }
            let limit = failsAfter.map { $0 - state.given } ?? .max
            let piece = state.rest.prefix(min(space.count, 70_001, limit))
            space.copyBytes(from: piece)
            state.rest = state.rest.dropFirst(piece.count)
            state.given += piece.count
            return piece.count
        }
    }

    package func cancel() { state.withLock { $0.isCancelled = true } }
}

private final class FakeSink: ByteSink {
    private let state = Mutex<[UInt8]>([])
    var bytes: [UInt8] { state.withLock { $0 } }
    func write(_ bytes: UnsafeRawBufferPointer) throws { state.withLock { $0.append(contentsOf: bytes) } }
    func cancel() {}
}
