internal import BackupCore
internal import CSQLite
internal import Glibc

/// SQLite's C interface, as far as the state needs it. For one thread at a time.
final class StateDatabase {
    enum Mode {
        case readOnly
        case readWrite
        case create

        var flags: Int32 {
            switch self {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        }
    }

    enum Value {
        case text(String)
        case blob([UInt8])
        case integer(Int64)
        case null
    }

    /// How long a reader's lock is waited for: a checkpoint of ours meets a `dump-state`.
    static let busyMilliseconds: Int32 = 5000

    private let database: OpaquePointer
    let path: String

    init(_ path: String, _ mode: Mode) throws(StateError) {
        var database: OpaquePointer?
        let code = sqlite3_open_v2(path, &database, mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let database else {
            defer { sqlite3_close_v2(database) }
            throw Self.error(code, database, path)
        }
        self.database = database
        self.path = path
        sqlite3_busy_timeout(database, Self.busyMilliseconds)
    }

    deinit { sqlite3_close_v2(database) }

    func run(_ sql: String, _ values: Value...) throws(StateError) {
        try each(sql, values) { _ throws(StateError) in }
    }

    /// The first column of the first row; nil where there is none.
    func number(_ sql: String, _ values: Value...) throws(StateError) -> Int? {
        var number: Int?
        try each(sql, values) { row throws(StateError) in
            if number == nil { number = row.integer(0) }
        }
        return number
    }

    func rows<R>(
        _ sql: String, _ values: Value..., read: (StateRow) throws(StateError) -> R
    ) throws(StateError) -> [R] {
        var rows: [R] = []
        try each(sql, values) { row throws(StateError) in rows.append(try read(row)) }
        return rows
    }

    private func each(
        _ sql: String, _ values: [Value], _ body: (StateRow) throws(StateError) -> Void
    ) throws(StateError) {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil))
        guard let statement else { return }
        defer { sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() { try check(bind(value, to: Int32(index + 1), of: statement)) }
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw Self.error(code, database, path) }
            try body(StateRow(statement: statement))
        }
    }

    private func bind(_ value: Value, to index: Int32, of statement: OpaquePointer) -> Int32 {
        // SQLITE_TRANSIENT: SQLite copies the bytes.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .null: return sqlite3_bind_null(statement, index)
        case .blob(let bytes): return sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), transient)
        case .text(let text):
            return Array(text.utf8).withUnsafeBytes { bytes in
                let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress
                return start == nil
                    ? sqlite3_bind_text(statement, index, "", 0, transient)
                    : sqlite3_bind_text64(statement, index, start, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
            }
        }
    }

    /// All of `body`, durable when this returns, or nothing of it.
    func transaction<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // Some failures have rolled back already.
            if sqlite3_get_autocommit(database) == 0 { sqlite3_exec(database, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    private func check(_ code: Int32) throws(StateError) {
        guard code == SQLITE_OK else { throw Self.error(code, database, path) }
    }

    private static func error(_ code: Int32, _ database: OpaquePointer?, _ path: String) -> StateError {
        let words = database.map { String(cString: sqlite3_errmsg($0)) } ?? "not enough memory"
        let errno = database.map { sqlite3_system_errno($0) } ?? 0
        // The lower 8 bits are the primary result code.
        switch code & 0xFF {
        case SQLITE_FULL: return .diskFull(path)
        case SQLITE_IOERR where errno == ENOSPC || errno == EDQUOT: return .diskFull(path)
        case SQLITE_NOTADB, SQLITE_CORRUPT: return .damaged(path, reason: words)
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM:
            let reason = errno == 0 ? words : SystemMessage.of(errno)
            return .notWritable(path, uid: geteuid(), reason: reason)
        case SQLITE_BUSY, SQLITE_LOCKED: return .inUse(path)
        default: return .failed(path, code: code, reason: words)
        }
    }
}

/// The row that a statement stands on; good only until the next one.
struct StateRow {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
