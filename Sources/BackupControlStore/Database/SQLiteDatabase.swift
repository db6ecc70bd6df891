internal import BackupCore
internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Synchronization

/// The embedded database: one file, one writer, durable at each commit.
///
/// Changes that wait while others are being committed go together into the next transaction, each behind a savepoint of its own, so
/// that one fsync(2) serves them all.
package final class SQLiteDatabase: SQLDatabase {
    /// Of one transaction. More would make the first of them wait for long.
    private static let largestGroup = 256

    package let dialect = SQLDialect.sqlite
    private let place: String
    private let pool: DatabasePool
    private let queue = WorkQueue<any SQLiteWrite>()
    private let indexes = ColumnIndexes()
    private let listeners = WakeUps()

    /// - Parameter path: made when it is not there, for nobody but its owner to read.
    package init(path: String) throws {
        place = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16384")
        }
        Self.makePrivate(path)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // A commit that was answered survives a power failure. Set here, as the pool itself sets NORMAL with the WAL mode, after all
            // that a configuration prepares.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw SQLiteFailure.of(error, path)
        }
        try BlockingThread.start("sqlite-writer") { [pool, queue, indexes, listeners, path] in
            while case let group = queue.take(atMost: Self.largestGroup), !group.isEmpty {
                for topic in Self.commit(group, pool, path, indexes) { listeners.tell(topic) }
            }
        }
    }

    /// Makes the file with the mode that SQLite then gives all that it puts beside it. A umask would be the whole process's. What can't be
    /// made here is told by who opens it.
    private static func makePrivate(_ path: String) {
        // Only a new file: closing one that is open elsewhere in this process would drop its locks (fcntl(2)).
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { Glibc.close(file) }
    }

    package func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        do {
            return try await pool.read { [place, indexes] in
                try body(SQLiteConnection(database: $0, place: place, indexes: indexes))
            }
        } catch {
            throw SQLiteFailure.of(error, place)
        }
    }

    @discardableResult
    package func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            let write = TypedWrite(body: body, continuation: continuation)
            do { try queue.put(write, place: place) } catch { continuation.resume(throwing: error) }
        }
    }

    package func wakeUps() -> AsyncStream<String?> { listeners.stream() }

    package func close() async {
        queue.close()
        listeners.close()
    }

    // MARK: The writer

    /// - Returns: what is to be told, once each.
    private static func commit(
        _ group: [any SQLiteWrite], _ pool: DatabasePool, _ place: String, _ indexes: ColumnIndexes
    ) -> Set<String> {
        var topics: Set<String> = []
        do {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    topics = []
                    for write in group {
                        let connection = SQLiteConnection(database: database, place: place, indexes: indexes)
                        topics.formUnion(try run(write, connection))
                    }
                    return .commit
                }
            }
            for write in group { write.commit() }
        } catch {
            topics = []
            for write in group { write.fail(SQLiteFailure.of(error, place)) }
        }
        return topics
    }

    /// Takes back what a body that throws has done; the others of its group don't notice.
    private static func run(_ write: any SQLiteWrite, _ connection: SQLiteConnection) throws -> [String] {
        do {
            try connection.database.inSavepoint {
                try write.run(connection)
                if connection.course.hasFailed { throw ControlStoreError.wentOn }
                return .commit
            }
            return connection.course.topics
        } catch {
            // Some errors (a full disk) end the whole transaction: then nothing of the group is there.
            guard connection.database.isInsideTransaction else { throw error }
            write.reject(SQLiteFailure.of(error, connection.place))
            return []
        }
    }

    /// `@unchecked Sendable`: made by one task, and then touched by the writer's thread alone.
    private final class TypedWrite<R: Sendable>: SQLiteWrite, @unchecked Sendable {
        private let body: @Sendable (any SQLConnection) throws -> R
        private let continuation: CheckedContinuation<R, any Error>
        private var result: Result<R, any Error>?

        init(
            body: @escaping @Sendable (any SQLConnection) throws -> R, continuation: CheckedContinuation<R, any Error>
        ) {
            self.body = body
            self.continuation = continuation
        }

        func run(_ connection: SQLiteConnection) throws { result = .success(try body(connection)) }
        func reject(_ error: any Error) { result = .failure(error) }
        func commit() { continuation.resume(with: result ?? .failure(ControlStoreError.closed)) }

        func fail(_ error: any Error) {
            if case .failure(let own) = result {
                continuation.resume(throwing: own)
            } else {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// A piece of work whose result is told once it is durable.
private protocol SQLiteWrite: Sendable {
    func run(_ connection: SQLiteConnection) throws
    /// Its own part failed, and was taken back.
    func reject(_ error: any Error)
    /// All of its group is durable.
    func commit()
    /// Nothing of its group is there.
    func fail(_ error: any Error)
}
