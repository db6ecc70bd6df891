internal import BackupCore
internal import CSQLite
internal import Glibc

/// A SQLite database as a file: what is known of it, and how it is copied and put into place.
struct SQLiteFile: Sendable {
    /// Every database file begins with this (sqlite.org/fileformat.html).
    static let magic = Array("SQLite format 3\0".utf8)

    let path: String

    struct Facts: Sendable {
        let sizeBytes: UInt64
        let isEmpty: Bool
    }

    /// nil when there is no file. A file of no bytes is an empty database, as it is to SQLite.
    /// - Throws: ``DriverError``.
    func facts(_ interrupt: SQLiteInterrupt) throws(DriverError) -> Facts? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .sqlite(path, code: SQLITE_CANTOPEN, reason: SystemMessage.of(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notADatabase(path) }
        let isEmpty = try reading(interrupt) { connection throws(DriverError) in
            try connection.hasNoTables
        }
        return Facts(sizeBytes: UInt64(status.st_size), isEmpty: isEmpty)
    }

    /// The last part of a path. A slash is one also before a combining mark.
    static func name(of path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? path
    }

    /// The file that links lead to.
    var resolved: SQLiteFile {
        guard let real = realpath(path, nil) else { return self }
        defer { free(real) }
        return SQLiteFile(path: String(cString: real))
    }

    /// A journal beside a file that doesn't exist would be replayed into the one that is about to get the name.
    func refuseLeftoverJournals() throws(DriverError) {
        for journal in ["-wal", "-journal"].map({ path + $0 }) where access(journal, F_OK) == 0 {
            throw .leftoverJournal(journal)
        }
    }

    /// Writes a consistent copy of the database to a new file, while others may write to it.
    func copy(to copy: String, _ interrupt: SQLiteInterrupt) throws(DriverError) {
        _ = try reading(interrupt) { connection throws(DriverError) in try connection.query("VACUUM INTO ?", [copy]) }
    }

    /// Reads every page.
    /// - Throws: ``DriverError/damaged(_:reason:)``.
    func checkIntegrity(_ interrupt: SQLiteInterrupt) throws(DriverError) {
        let connection = try SQLiteConnection(path, .readOnly, isCancelled: interrupt)
        let answer = try connection.query("PRAGMA integrity_check(1)").first ?? nil
        guard answer == "ok" else { throw .damaged(path, reason: answer ?? "the check says nothing") }
    }

    /// Runs `body` while nobody else uses the database, and no journal of it is left.
    func exclusively<R>(_ interrupt: SQLiteInterrupt, _ body: (SQLiteConnection) throws -> R) throws -> R {
        let connection = try SQLiteConnection(path, .readWrite, isCancelled: interrupt)
        // Leaving WAL mode writes the log back and removes it; it needs to be alone with the file, and fails when it is
        // not.
        guard try connection.query("PRAGMA journal_mode = DELETE").first == "delete" else {
            throw DriverError.busy(path)
        }
        try connection.query("BEGIN EXCLUSIVE")
        return try body(connection)
    }

    /// Read-only where that works. After a crash of a writer, or where the log's index is missing, SQLite has to write
    /// first.
    private func reading<R>(
        _ interrupt: SQLiteInterrupt, _ body: (SQLiteConnection) throws(DriverError) -> R
    ) throws(DriverError) -> R {
        do {
            return try body(SQLiteConnection(path, .readOnly, isCancelled: interrupt))
        } catch DriverError.sqlite(_, let code, _) where [SQLITE_READONLY, SQLITE_CANTOPEN].contains(code & 0xFF) {
            return try body(SQLiteConnection(path, .readWrite, isCancelled: interrupt))
        }
    }
}
