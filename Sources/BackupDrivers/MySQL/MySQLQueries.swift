internal import BackupCore

extension MySQLShell {
    struct Facts: Sendable {
        let version: MySQLVersion
        let sizeBytes: UInt64?
        let isEmpty: Bool
    }

    /// - Parameter database: nil for all of the server.
    func facts(of database: String?) throws -> Facts {
        let scope = Self.scope(database)
        let size = try value(
            "SELECT CAST(SUM(DATA_LENGTH + INDEX_LENGTH) AS UNSIGNED) FROM information_schema.TABLES WHERE TABLE_\(scope)"
        )
        return Facts(version: try version(), sizeBytes: size.flatMap { UInt64($0) }, isEmpty: try isEmpty(database))
    }

    func version() throws -> MySQLVersion {
        let text = try value("SELECT VERSION()") ?? ""
        guard let version = MySQLVersion(server: text) else {
            throw DriverError.cannotConnect("MySQL", reason: "it says its version is '\(text.prefix(60))'")
        }
        return version
    }

    /// Whether nothing of a user's is there.
    func isEmpty(_ database: String?) throws -> Bool {
        if database == nil { return try databases().isEmpty }
        let catalogues = [("TABLES", "TABLE"), ("ROUTINES", "ROUTINE"), ("EVENTS", "EVENT")]
        let parts = catalogues.map {
            "(SELECT COUNT(*) FROM information_schema.\($0.0) WHERE \($0.1)_\(Self.scope(database)))"
        }
        return try value("SELECT " + parts.joined(separator: " + ")) == "0"
    }

    /// The databases that aren't the server's own.
    func databases() throws -> [String] {
        try query(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME \(Self.users) ORDER BY SCHEMA_NAME"
        )
        .compactMap(\.first)
    }

    /// `CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`: what new tables of the database get.
    func defaults(of database: String) throws -> String? {
        let row = try query(
            """
            SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA
            WHERE SCHEMA_NAME = \(Self.literal(database))
            """
        ).first
        // Names of the server's own; anything else is not put into SQL.
        guard let row, row.count == 2, row.allSatisfy({ $0.wholeMatch(of: /[a-z0-9_]+/) != nil }) else { return nil }
        return "CHARACTER SET \(row[0]) COLLATE \(row[1])"
    }

    /// The statements that give the account that asks its present login again; nil where it can't be said in statements.
    func ownAccount() throws -> String? {
        // MySQL's own tool restores users as tables, and then the account may be gone.
        guard try version().flavour == .mariadb, let made = try value("SHOW CREATE USER"),
            made.hasPrefix("CREATE USER ")
        else { return nil }
        let account = made.dropFirst("CREATE ".count)
        // Without one, ALTER USER keeps the login that the backup has brought.
        let reset = made.contains(" IDENTIFIED ") ? "" : "SET PASSWORD = '';\n"
        return "\(reset)ALTER \(account)"
    }

    func createDatabase(_ name: String) throws { try query("CREATE DATABASE \(Self.quoted(name))") }
    func dropDatabase(_ name: String) throws { try query("DROP DATABASE \(Self.quoted(name))") }

    private static let users = "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"

    /// What follows on `TABLE_`, `ROUTINE_`, … in a condition on one database, or on all that are users'.
    static func scope(_ database: String?) -> String { "SCHEMA " + (database.map { "= \(literal($0))" } ?? users) }
}
