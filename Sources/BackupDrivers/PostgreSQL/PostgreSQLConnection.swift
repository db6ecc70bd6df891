internal import BackupCore
internal import CPostgreSQL
internal import Glibc
internal import Synchronization

/// A connection over libpq, for one blocking thread.
final class PostgreSQLConnection: PostgreSQLSession {
    /// The default of one attempt to connect; `connect_timeout` in the URL or PGCONNECT_TIMEOUT changes it.
    static let connectSeconds = 10
    /// How long a server may take to end a query that was cancelled.
    static let cancelSeconds = 5

    private let connection: OpaquePointer
    let database: String
    private let isCancelled: Flag

    /// Runs `body` with a connection on a thread of its own.
    ///
    /// Cancellation ends an attempt to connect within a tenth of a second. A query is cancelled on the server too, which has
    /// ``cancelSeconds`` for it.
    /// - Throws: ``DriverError``; `CancellationError`.
    static func with<R: Sendable>(
        _ target: PostgreSQLTarget, database: String? = nil,
        _ body: @escaping @Sendable (any PostgreSQLSession) throws -> R
    ) async throws -> R {
        let isCancelled = Flag()
        return try await withTaskCancellationHandler {
            try await BlockingThread.run("postgresql") {
                try body(PostgreSQLConnection(target, database: database, isCancelled: isCancelled))
            }
        } onCancel: {
            isCancelled.value.store(true, ordering: .relaxed)
        }
    }

    private init(_ target: PostgreSQLTarget, database: String?, isCancelled: Flag) throws {
        let parameters = target.connectionParameters(database: database)
        self.database = database ?? target.database
        var keywords = parameters.map { strdup($0.0).map { UnsafePointer<CChar>($0) } } + [nil]
        var values = parameters.map { strdup($0.1).map { UnsafePointer<CChar>($0) } } + [nil]
        defer {
            for pointer in keywords + values { free(UnsafeMutableRawPointer(mutating: pointer)) }
        }
        guard let connection = PQconnectStartParams(&keywords, &values, 0) else {
            throw DriverError.cannotConnect(self.database, reason: "not enough memory")
        }
        self.connection = connection
        self.isCancelled = isCancelled
        // So that the reason of a refusal comes with its SQLSTATE: libpq has no other way to ask for it here.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        try connect(until: .now + .seconds(Self.timeout(parameters)), isCancelled: isCancelled)
        try prepare()
    }

    deinit { PQfinish(connection) }

    /// The server's version as a number: 150004 for 15.4.
    var serverVersion: Int { Int(PQserverVersion(connection)) }

    func query(_ sql: String, seconds limit: Int) throws -> [[String?]] {
        if isCancelled.value.load(ordering: .relaxed) { throw CancellationError() }
        // The extended protocol: one statement, whatever is in it.
        guard PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0) == 1 else {
            throw DriverError.cannotConnect(database, reason: Self.words(connection))
        }
        let result = try result(until: .now + .seconds(limit))
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else { throw failure(of: result) }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
    }

    func execute(_ statement: String) throws { try query(statement) }

    /// The last result of what was sent; a server that has gone silent is given up.
    ///
    /// When cancelled, the server's answer is waited for all the same: whether CREATE DATABASE was done must be known.
    private func result(until deadline: ContinuousClock.Instant) throws -> OpaquePointer? {
        var last: OpaquePointer?
        var deadline = deadline
        var isStopping = false
        while true {
            while PQisBusy(connection) == 1 {
                if !isStopping, isCancelled.value.load(ordering: .relaxed) {
                    isStopping = true
                    cancelQuery()
                    deadline = min(deadline, .now + .seconds(Self.cancelSeconds))
                }
                guard .now < deadline else {
                    if isStopping { throw CancellationError() }
                    cancelQuery()
                    throw DriverError.cannotConnect(database, reason: "it did not answer a query in time")
                }
                var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
                guard poll(&descriptor, 1, 100) <= 0 || PQconsumeInput(connection) == 1 else {
                    throw DriverError.cannotConnect(database, reason: Self.words(connection))
                }
            }
            guard let next = PQgetResult(connection) else { return last }
            PQclear(last)
            last = next
        }
    }

    /// Tells the server to end the query. Closing the connection would not: a backend that computes doesn't look.
    private func cancelQuery() {
        // It opens a connection of its own and blocks, at worst as long as TCP tries to reach a host that is gone.
        guard let cancel = PQgetCancel(connection) else { return }
        let address = UInt(bitPattern: cancel)
        do {
            try BlockingThread.start("pg-cancel") {
                var words = [CChar](repeating: 0, count: 256)
                _ = PQcancel(OpaquePointer(bitPattern: address), &words, Int32(words.count))
                PQfreeCancel(OpaquePointer(bitPattern: address))
            }
        } catch {
            // Without a thread the query ends by itself, later.
            PQfreeCancel(cancel)
        }
    }

    /// `name` as SQL writes it.
    func quoted(_ name: String) throws(DriverError) -> String {
        guard let text = PQescapeIdentifier(connection, name, name.utf8.count) else {
            throw .queryFailed(database, sqlState: "22021", reason: Self.words(connection))
        }
        defer { PQfreemem(text) }
        return String(cString: text)
    }

    // MARK: Connecting

    private func connect(until deadline: ContinuousClock.Instant, isCancelled: Flag) throws {
        var progress = PGRES_POLLING_WRITING
        while progress != PGRES_POLLING_OK {
            guard progress != PGRES_POLLING_FAILED, PQstatus(connection) != CONNECTION_BAD else { throw refusal() }
            if isCancelled.value.load(ordering: .relaxed) { throw CancellationError() }
            guard .now < deadline else { throw DriverError.cannotConnect(database, reason: "no answer in time") }
            let event = Int16(progress == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            var descriptor = pollfd(fd: PQsocket(connection), events: event, revents: 0)
            // A tenth of a second is how late a cancellation may be seen.
            if poll(&descriptor, 1, 100) != 0 { progress = PQconnectPoll(connection) }
        }
    }

    private static func timeout(_ parameters: [(String, String)]) -> Int {
        let text =
            parameters.first { $0.0 == "connect_timeout" }?.1 ?? getenv("PGCONNECT_TIMEOUT").map { String(cString: $0) }
        guard let seconds = text.flatMap({ Int($0) }), seconds > 0 else { return connectSeconds }
        // As libpq: less than 2 seconds is not accepted.
        return max(seconds, 2)
    }

    /// Why the server or the network refused the connection.
    private func refusal() -> DriverError {
        let words = Self.words(connection)
        let reason = Self.reason(words)
        if PQconnectionNeedsPassword(connection) == 1 {
            return .authenticationFailed(database, reason: "it asks for a password, and none was given")
        }
        switch Self.sqlState(words) {
        // invalid_authorization_specification, invalid_password
        case "28000", "28P01": return .authenticationFailed(database, reason: reason)
        // invalid_catalog_name
        case "3D000": return .unknownDatabase(database)
        // too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now
        case "53300", "57P01", "57P02", "57P03": return .notReady(database, reason: reason)
        case nil: return .cannotConnect(database, reason: words)
        case let state?: return .queryFailed(database, sqlState: state, reason: reason)
        }
    }

    private func failure(of result: OpaquePointer?) -> any Error {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        let words = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
        // query_canceled, which we asked for
        if state == "57014", isCancelled.value.load(ordering: .relaxed) { return CancellationError() }
        guard let state, let words else { return DriverError.cannotConnect(database, reason: Self.words(connection)) }
        return DriverError.queryFailed(database, sqlState: state, reason: LastWords.sentence(words))
    }

    private static func words(_ connection: OpaquePointer) -> String {
        LastWords.sentence(PQerrorMessage(connection).map { String(cString: $0) } ?? "")
    }

    /// The five characters of `FATAL:  28P01: words`, as PQERRORS_VERBOSE writes it; the last, where several hosts were
    /// tried.
    static func sqlState(_ words: String) -> String? {
        words.matches(of: /: {2}([0-9A-Z]{5}):\s/).last.map { String($0.1) }
    }

    /// The words behind the SQLSTATE, without the place in PostgreSQL's source.
    static func reason(_ words: String) -> String {
        let rest = words.matches(of: /: {2}[0-9A-Z]{5}:\s/).last.map { String(words[$0.range.upperBound...]) } ?? words
        return rest.split(separator: ";").filter { !$0.contains("LOCATION:") }.joined(separator: ";")
    }
}

private final class Flag: Sendable {
    let value = Atomic(false)
}
