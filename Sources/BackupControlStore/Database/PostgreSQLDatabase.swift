package import BackupCore
internal import Glibc
internal import Synchronization

/// A PostgreSQL server, or what speaks its protocol: a few connections, each on a thread of its own, that take work from one queue.
package final class PostgreSQLDatabase: SQLDatabase {
    static let channel = "backupy_wake"
    /// Of one transaction, for contention and for connections that broke before the commit.
    private static let attempts = 6

    package let dialect = SQLDialect.postgresql
    private let place: String
    private let queue = WorkQueue<Work>()
    private let listeners = WakeUps()
    private let isClosed = Atomic(false)

    /// - Parameters:
    ///   - address: a URL or `name=value` words, as libpq reads them; with its password it is in no message.
    ///   - connections: how many transactions go on at once.
    /// - Throws: ``ControlStoreError/unreachable(_:reason:)``: it must be there at the start.
    package init(_ secret: Secret, connections: Int = 8) throws {
        let address = try PostgreSQLAddress(secret)
        place = address.place
        _ = try PostgreSQLSession(address)
        for number in 0..<max(1, connections) {
            try BlockingThread.start("postgresql-\(number)") { [queue] in
                var session: PostgreSQLSession?
                while let work = queue.take(atMost: 1).first { work.run(&session, address) }
            }
        }
        try BlockingThread.start("postgresql-listen") { [weak self, listeners] in
            var isFirst = true
            while self?.isClosed.load(ordering: .relaxed) == false {
                do {
                    let session = try PostgreSQLSession(address)
                    try session.script("LISTEN \(Self.channel)")
                    // What was told in between is lost.
                    if !isFirst { listeners.tell(nil) }
                    isFirst = false
                    while self?.isClosed.load(ordering: .relaxed) == false {
                        for topic in try session.notifications(within: 500) { listeners.tell(topic) }
                    }
                } catch {
                    isFirst = false
                    usleep(1_000_000)
                }
            }
        }
    }

    package func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    @discardableResult
    package func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        try await transaction("BEGIN", body)
    }

    package func wakeUps() -> AsyncStream<String?> { listeners.stream() }

    package func close() async {
        isClosed.store(true, ordering: .relaxed)
        queue.close()
        listeners.close()
    }

    private func transaction<R: Sendable>(
        _ beginning: String, _ body: @escaping @Sendable (any SQLConnection) throws -> R
    ) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            let work = Work { session, address in
                continuation.resume(
                    with: Result { try Self.perform(beginning, body, &session, address) })
            }
            do { try queue.put(work, place: place) } catch { continuation.resume(throwing: error) }
        }
    }

    private struct Work: Sendable {
        let run: @Sendable (inout PostgreSQLSession?, PostgreSQLAddress) -> Void
    }

    // MARK: On a connection's thread

    private static func perform<R>(
        _ beginning: String, _ body: (any SQLConnection) throws -> R, _ session: inout PostgreSQLSession?,
        _ address: PostgreSQLAddress
    ) throws -> R {
        var attempt = 1
        while true {
            do {
                return try once(beginning, body, &session, address)
            } catch ControlStoreError.contention where attempt < attempts {
                // Others change the same rows: each waits a little longer than the one before.
            } catch ControlStoreError.unreachable where attempt < attempts {
                session = nil
            }
            usleep(UInt32(20_000 * attempt * attempt + Int.random(in: 0..<20_000)))
            attempt += 1
        }
    }

    private static func once<R>(
        _ beginning: String, _ body: (any SQLConnection) throws -> R, _ session: inout PostgreSQLSession?,
        _ address: PostgreSQLAddress
    ) throws -> R {
        if session?.isBroken ?? true { session = try PostgreSQLSession(address) }
        guard let connection = session else { throw ControlStoreError.closed }
        try connection.script(beginning)
        let result: R
        do {
            result = try body(connection)
            // A COMMIT would be answered like one that went well, and nothing be there.
            if connection.hasFailed { throw ControlStoreError.wentOn }
        } catch {
            do { try connection.script("ROLLBACK") } catch { session = nil }
            throw error
        }
        do {
            try connection.script("COMMIT")
        } catch ControlStoreError.unreachable {
            session = nil
            throw ControlStoreError.outcomeUnknown(address.place)
        }
        return result
    }
}
