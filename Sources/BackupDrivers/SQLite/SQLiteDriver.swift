package import BackupCore
internal import CBackupSystem
internal import CSQLite
internal import Glibc

/// A SQLite database file.
///
/// A dump is a database file itself, as `VACUUM INTO` writes it: one moment of the database, without free pages,
/// while others go on writing, in WAL mode too. The copy is in rollback mode; whoever wants WAL mode sets it when
/// opening.
package struct SQLiteDriver: DatabaseDriver {
    package let engine = DatabaseEngine.sqlite
    package let scope = DatabaseScope.database
    package let databaseName: String
    package var host: String { LocalHost.name }

    private let file: SQLiteFile
    private let temporary: String

    /// - Parameter url: `sqlite:///ABSOLUTE/PATH`, with `%XX` for special characters.
    package init(url: String, environment: [String: String]) throws(DriverError) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("/"), let path = PercentEncoding.decoded(parts[1]),
            !path.hasSuffix("/")
        else {
            throw .invalidURL(reason: "a SQLite file is given by its absolute path")
        }
        guard !path.utf8.contains(0) else { throw .invalidURL(reason: "it has a NUL byte") }
        file = SQLiteFile(path: path)
        databaseName = SQLiteFile.name(of: path)
        temporary = environment["TMPDIR"] ?? "/tmp"
    }

    package func probe() async throws -> DatabaseFacts {
        guard let facts = try await working({ try file.facts($0) }) else { throw DriverError.fileNotFound(file.path) }
        return DatabaseFacts(
            engine: engine, engineVersion: Self.version, toolVersion: nil, sizeBytes: facts.sizeBytes,
            isEmpty: facts.isEmpty)
    }

    package func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R> {
        let copy = try await working { interrupt in
            guard let facts = try file.facts(interrupt) else { throw DriverError.fileNotFound(file.path) }
            return try StagedCopy(
                of: file, size: facts.sizeBytes, temporary: temporary, counting: counting, interrupt)
        }
        return Dumped(try await body(copy), fingerprint: copy.fingerprint)
    }

    package func fingerprint() async throws -> Fingerprint? {
        try await working { try file.fingerprint(.separate, $0) }
    }

    package func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts {
        let facts = try await working { try file.facts($0) }
        if facts == nil { try file.refuseLeftoverJournals() }
        guard facts?.isEmpty ?? true || options.overwrite else { throw DriverError.notEmpty(file.path) }
        return DatabaseFacts(
            engine: engine, engineVersion: Self.version, toolVersion: nil, sizeBytes: facts?.sizeBytes,
            isEmpty: facts?.isEmpty ?? true)
    }

    package func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        // The file behind a link, so that the link stays.
        let file = file.resolved
        let output = try OutputFile(file.path, replacing: true)
        do {
            let value = try await body(output)
            try await working { try put(output, in: file, overwriting: options.overwrite, $0) }
            return value
        } catch {
            output.discard()
            let state: TargetState = output.isInPlace ? .complete : .unchanged
            if error is CancellationError, state == .unchanged { throw error }
            let underlying = error as? any BackupError ?? RestoreInterrupted(cause: error)
            throw RestoreFailure(database: file.path, state: state, underlying: underlying)
        }
    }

    /// Checks the new file, and gives it the database's name.
    private func put(
        _ output: OutputFile, in file: SQLiteFile, overwriting: Bool, _ interrupt: SQLiteInterrupt
    ) throws {
        try SQLiteFile(path: output.temporaryPath).checkIntegrity(interrupt)
        if access(file.path, F_OK) == 0 {
            try file.exclusively(interrupt) { connection in
                // It was empty at the beginning of the restore, and somebody may have begun to use it.
                guard try overwriting || connection.hasNoTables else { throw DriverError.notEmpty(file.path) }
                try output.replace()
            }
        } else {
            try file.refuseLeftoverJournals()
            try output.commit()
        }
    }

    private func working<R: Sendable>(_ body: @escaping @Sendable (SQLiteInterrupt) throws -> R) async throws -> R {
        let interrupt = SQLiteInterrupt()
        return try await withTaskCancellationHandler {
            do {
                return try await BlockingThread.run("sqlite") { try body(interrupt) }
            } catch  where interrupt.isSet {
                throw CancellationError()
            }
        } onCancel: {
            interrupt.set()
        }
    }

    private static var version: String { "SQLite \(String(cString: sqlite3_libversion()))" }
}
