internal import BackupCore
internal import CSQLite
internal import Glibc
internal import Synchronization

/// A database file, open over SQLite's C interface, for one blocking thread.
final class SQLiteConnection {
    /// How long another process's lock is waited for.
    static let busyMilliseconds: Int32 = 10_000

    enum Mode {
        case readOnly
        case readWrite
        var flags: Int32 { self == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE }
    }

    private let database: OpaquePointer
    private let path: String

    /// Opens an existing file.
    /// - Throws: ``DriverError``.
    init(_ path: String, _ mode: Mode, isCancelled: SQLiteInterrupt) throws(DriverError) {
        var database: OpaquePointer?
        let code = sqlite3_open_v2(path, &database, mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let database else {
            defer { sqlite3_close_v2(database) }
            throw Self.error(code, on: path, words: database.map { String(cString: sqlite3_errmsg($0)) })
        }
        self.database = database
        self.path = path
        sqlite3_busy_timeout(database, Self.busyMilliseconds)
        // Called every 1,000 steps of SQLite's machine; a value other than 0 interrupts it.
        sqlite3_progress_handler(
            database, 1000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteInterrupt>.fromOpaque(context).takeUnretainedValue().isSet ? 1 : 0
            }, Unmanaged.passUnretained(isCancelled).toOpaque())
        interrupt = isCancelled
    }

    /// Keeps what the progress handler looks at.
    private let interrupt: SQLiteInterrupt

    deinit { sqlite3_close_v2(database) }

    /// Every row's first column as text.
    @discardableResult
    func query(_ sql: String, _ arguments: [String] = []) throws(DriverError) -> [String?] {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        for (index, argument) in arguments.enumerated() {
            // SQLITE_TRANSIENT: SQLite copies the text.
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            try check(sqlite3_bind_text(statement, Int32(index + 1), argument, -1, transient))
        }
        var rows: [String?] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw Self.error(code, on: path, words: words) }
            rows.append(sqlite3_column_text(statement, 0).map { String(cString: $0) })
        }
    }

    var hasNoTables: Bool {
        get throws(DriverError) { try query("SELECT count(*) FROM sqlite_schema").first == "0" }
    }

    private var words: String { String(cString: sqlite3_errmsg(database)) }

    private func check(_ code: Int32) throws(DriverError) {
        guard code == SQLITE_OK else { throw Self.error(code, on: path, words: words) }
    }

    private static func error(_ code: Int32, on path: String, words: String?) -> DriverError {
        // The lower 8 bits are the primary result code.
        switch code & 0xFF {
        case SQLITE_NOTADB: .notADatabase(path)
        case SQLITE_BUSY, SQLITE_LOCKED: .busy(path)
        case SQLITE_FULL: .diskFull(path)
        case SQLITE_CORRUPT: .damaged(path, reason: words ?? "malformed")
        default: .sqlite(path, code: code, reason: words ?? "not enough memory")
        }
    }
}

/// Ends what SQLite is doing, from any thread.
final class SQLiteInterrupt: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
