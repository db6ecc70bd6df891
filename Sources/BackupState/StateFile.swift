internal import BackupCore

/// The database file with its seal: made, checked, opened.
struct StateFile {
    private static let checkBucket = "check"
    private static let checkKey = "state"
    private static let checkText = Array("backupy-agent-state".utf8)

    let folder: StateFolder
    let seal: StateSeal
    let schema: StateSchema

    /// Opens for writing what there is, or a new state.
    ///
    /// What is there is checked first, over a connection that can't write, so that a refusal leaves every byte as it was.
    func open() throws(StateError) -> StateDatabase {
        switch try folder.find() {
        case .nothing: try create()
        case .file: try check(StateDatabase(folder.database, .readOnly))
        }
        let database = try StateDatabase(folder.database, .readWrite)
        try database.run("PRAGMA journal_mode = WAL")
        // A commit is on the disk when it returns.
        try database.run("PRAGMA synchronous = FULL")
        try database.run("PRAGMA journal_size_limit = \(4 << 20)")
        try schema.migrate(database)
        return database
    }

    /// Opens for reading, beside an agent that works with it.
    func openReadOnly() throws(StateError) -> StateDatabase {
        guard try folder.find() == .file else { throw .missing(folder.database) }
        let database = try StateDatabase(folder.database, .readOnly)
        _ = try schema.version(of: database)
        try checkKey(database)
        return database
    }

    private func create() throws(StateError) {
        folder.removeUnfinished()
        guard let check = seal.seal(Self.checkText, bucket: Self.checkBucket, key: Self.checkKey) else {
            throw .failed(folder.database, code: 0, reason: "the cipher failed")
        }
        do {
            try folder.makePrivateFile(folder.newDatabase)
            let database = try StateDatabase(folder.newDatabase, .readWrite)
            try schema.create(in: database, check: check)
        } catch {
            folder.removeUnfinished()
            throw error
        }
        try folder.publish()
    }

    private func check(_ database: StateDatabase) throws(StateError) {
        _ = try schema.version(of: database)
        try checkKey(database)
        let words = try database.rows("PRAGMA quick_check(1)") { $0.text(0) }
        guard words == ["ok"] else { throw .damaged(database.path, reason: words.first ?? "it can't be checked") }
        _ = try database.rows("SELECT bucket, key, value FROM entries") { row throws(StateError) in
            _ = try value(of: row, in: database)
        }
        let behind = try database.number(
            """
            SELECT count(*) FROM entries LEFT JOIN sequences USING (bucket)
            WHERE bucket IN ('outbox', 'logs_buffer') AND (last IS NULL OR CAST(key AS INTEGER) > last)
            """)
        guard behind == 0 else { throw .damaged(database.path, reason: "its numbers begin again") }
    }

    private func checkKey(_ database: StateDatabase) throws(StateError) {
        let values = try database.rows("SELECT value FROM meta WHERE name = 'check'") { $0.blob(0) }
        guard let value = values.first else { throw .damaged(database.path, reason: "its check value is gone") }
        guard seal.open(value, bucket: Self.checkBucket, key: Self.checkKey) == Self.checkText else {
            // Where the key opens anything else, it is the check value that is not as it was.
            let entries = try database.rows("SELECT bucket, key, value FROM entries LIMIT 1") {
                seal.open($0.blob(2), bucket: $0.text(0), key: $0.text(1))
            }
            if entries.first == .some(nil) || entries.isEmpty { throw .wrongKey(database.path) }
            throw .damaged(database.path, reason: "its check value was changed")
        }
    }

    /// The plain value of a row of bucket, key, value.
    func value(of row: StateRow, in database: StateDatabase) throws(StateError) -> [UInt8] {
        let (bucket, key) = (row.text(0), row.text(1))
        guard let value = seal.open(row.blob(2), bucket: bucket, key: key) else {
            throw .damaged(database.path, reason: "'\(key.prefix(80))' in \(bucket.prefix(80)) was changed")
        }
        return value
    }
}
