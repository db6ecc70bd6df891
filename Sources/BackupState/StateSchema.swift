/// The tables, and the way to them from every older version.
struct StateSchema: Sendable {
    /// What a file says that is an agent's state: `BKst`.
    static let applicationID = 0x424B_7374

    /// What turns version 1 into 2, 2 into 3… The versions that are out never change.
    var migrations: [[String]] = []

    var version: Int { 1 + migrations.count }

    private static let first = [
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        """
        CREATE TABLE entries (
            bucket TEXT NOT NULL, key TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT 0, value BLOB NOT NULL,
            PRIMARY KEY (bucket, key))
        """,
        // Counts on when its entries are gone, so that no number is given twice.
        "CREATE TABLE sequences (bucket TEXT PRIMARY KEY, last INTEGER NOT NULL, dropped INTEGER NOT NULL DEFAULT 0)",
    ]

    /// Writes an empty state of version 1, and migrates it.
    func create(in database: StateDatabase, check: [UInt8]) throws(StateError) {
        try database.run("PRAGMA application_id = \(Self.applicationID)")
        try database.transaction { () throws(StateError) in
            for sql in Self.first { try database.run(sql) }
            try database.run("INSERT INTO meta (name, value) VALUES ('check', ?)", .blob(check))
            try database.run("PRAGMA user_version = 1")
        }
        try migrate(database)
    }

    /// - Returns: the version of the file.
    func version(of database: StateDatabase) throws(StateError) -> Int {
        guard try database.number("PRAGMA application_id") == Self.applicationID else {
            throw .damaged(database.path, reason: "it is no state of an agent")
        }
        let found = try database.number("PRAGMA user_version") ?? 0
        guard found >= 1 else { throw .damaged(database.path, reason: "it has no version") }
        guard found <= version else { throw .newerVersion(database.path, version: found, known: version) }
        return found
    }

    /// One transaction for each version: a file is always of one of them.
    func migrate(_ database: StateDatabase) throws(StateError) {
        for number in try version(of: database)..<version {
            try database.transaction { () throws(StateError) in
                for sql in migrations[number - 1] { try database.run(sql) }
                try database.run("PRAGMA user_version = \(number + 1)")
            }
        }
    }
}
