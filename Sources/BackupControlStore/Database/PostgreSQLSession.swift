internal import BackupCore
internal import CPostgreSQL
internal import FoundationEssentials
internal import Glibc

/// A connection over libpq, for one thread. Its calls block.
final class PostgreSQLSession: SQLConnection {
    let dialect = SQLDialect.postgresql
    let place: String
    private let connection: OpaquePointer

    init(_ address: PostgreSQLAddress) throws(ControlStoreError) {
        place = address.place
        // A server that is gone is noticed within about a minute, also in the middle of a query.
        let settings = [
            "dbname": address.secret.revealed, "application_name": "backupy-server", "connect_timeout": "10",
            "keepalives_idle": "20",
            "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000",
            "client_encoding": "UTF8",
            "options": "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000 -c lock_timeout=30000",
        ]
        let names = settings.keys.sorted()
        var keywords = names.map { UnsafePointer(strdup($0)) } + [nil]
        var values = names.map { UnsafePointer(strdup(settings[$0] ?? "")) } + [nil]
        defer { for text in keywords + values { free(UnsafeMutableRawPointer(mutating: text)) } }
        guard let connection = PQconnectdbParams(&keywords, &values, 1) else {
            throw .unreachable(place, reason: "not enough memory")
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let words = Self.words(connection)
            PQfinish(connection)
            throw .unreachable(place, reason: words)
        }
        self.connection = connection
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    var isBroken: Bool { PQstatus(connection) != CONNECTION_OK }

    /// Whether a statement of the transaction has failed: then nothing of it will be there.
    var hasFailed: Bool { PQtransactionStatus(connection) == PQTRANS_INERROR }

    // MARK: Statements

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        let result = try execute(sql, arguments)
        defer { PQclear(result) }
        let count = PQnfields(result)
        let columns = Dictionary(
            (0..<count).map { (String(cString: PQfname(result, $0)), Int($0)) }, uniquingKeysWith: { first, _ in first }
        )
        let types = (0..<count).map { PQftype(result, $0) }
        return try (0..<PQntuples(result)).map { row in
            let values = try (0..<count).map { column in
                PQgetisnull(result, row, column) == 1
                    ? SQLValue.null
                    : try Self.value(String(cString: PQgetvalue(result, row, column)), types[Int(column)])
            }
            return SQLRow(columns: columns, values: values)
        }
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let result = try execute(sql, arguments)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func script(_ sql: String) throws {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        try check(result)
    }

    private func execute(_ sql: String, _ arguments: [SQLValue]) throws -> OpaquePointer? {
        let parameters = PostgreSQLParameters(arguments)
        let result = parameters.withPointers { values, lengths, formats in
            PQexecParams(
                connection, PostgreSQLParameters.numbered(sql), Int32(arguments.count), nil, values, lengths, formats, 0
            )
        }
        do {
            try check(result)
        } catch {
            PQclear(result)
            throw error
        }
        return result
    }

    /// Source: PostgreSQL, `pg_type.dat`.
    private static func value(_ text: String, _ type: Oid) throws(ControlStoreError) -> SQLValue {
        switch type {
        case 20, 21, 23, 26: Int64(text).map { .integer($0) } ?? .text(text)
        case 16: .integer(text == "t" ? 1 : 0)
        // Sums of whole numbers are numeric.
        case 700, 701, 1700: Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
        case 17: .bytes(try bytes(text))
        default: .text(text)
        }
    }

    /// `\x0aff`
    private static func bytes(_ text: String) throws(ControlStoreError) -> [UInt8] {
        let digits = Array(text.utf8.dropFirst(2))
        guard text.hasPrefix("\\x"), digits.count.isMultiple(of: 2) else { throw .badValue(column: "bytea") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else {
                throw .badValue(column: "bytea")
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    // MARK: Waking

    func wake(_ topic: String) throws {
        _ = try rows("SELECT pg_notify('\(PostgreSQLDatabase.channel)', ?)", [.text(topic)])
    }

    /// Waits for notifications.
    /// - Returns: what was told; empty after `limit` milliseconds of silence.
    func notifications(within limit: Int32) throws(ControlStoreError) -> [String] {
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, limit) > 0 else { return [] }
        guard PQconsumeInput(connection) == 1 else { throw .unreachable(place, reason: Self.words(connection)) }
        var topics: [String] = []
        while let notification = PQnotifies(connection) {
            topics.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return topics
    }

    // MARK: Errors

    /// Told by SQLSTATE (PostgreSQL, Appendix A).
    private func check(_ result: OpaquePointer?) throws(ControlStoreError) {
        let status = PQresultStatus(result)
        guard status != PGRES_TUPLES_OK, status != PGRES_COMMAND_OK else { return }
        let field = { (code: Character) in
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) } ?? ""
        }
        let (state, words) = (field("C"), field("M"))
        switch state {
        case "23505": throw .duplicate(constraint: field("n"))
        case "23503": throw .reference(constraint: field("n"))
        case "40001", "40P01", "55P03": throw .contention(place)
        case "53100": throw .diskFull(place)
        case "57P01", "57P02", "57P03", "57P05", "08006", "08003", "25P03", "":
            throw .unreachable(place, reason: words.isEmpty ? Self.words(connection) : words)
        case "XX001", "XX002": throw .damaged(place, reason: words)
        default: throw .failed(state: state, reason: words)
        }
    }

    /// libpq never repeats a password in its messages.
    private static func words(_ connection: OpaquePointer) -> String {
        (PQerrorMessage(connection).map { String(cString: $0) } ?? "").split(separator: "\n").first.map(String.init)
            ?? "it hung up"
    }
}
