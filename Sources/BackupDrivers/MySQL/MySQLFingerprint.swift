internal import BackupCore

/// Counting in the snapshot of a dump.
///
/// mysqldump can't be given a snapshot. So writers are held up, by `FLUSH TABLES WITH READ LOCK`, from the moment before
/// our snapshot until mysqldump has its own: milliseconds on most servers, ``lockedFor`` at most. Whoever may not lock, or
/// has to wait for it, counts at another moment.
enum MySQLFingerprint {
    /// How long a lock is waited for; meanwhile new writers wait too.
    static let lockWaitSeconds = 2
    /// How long writers are held up at most.
    static let lockedFor = Duration.seconds(10)

    /// - Parameter database: nil for all of the server.
    static func count(
        _ target: MySQLTarget, _ tools: MySQLTools, in snapshot: SharedSnapshot
    ) async throws -> Fingerprint {
        do {
            return try await MySQLShell.with(target, tools) { shell in
                try shell.allowLongQueries()
                try shell.query("SET SESSION lock_wait_timeout = \(lockWaitSeconds)")
                try shell.query("FLUSH TABLES WITH READ LOCK")
                try shell.beginSnapshot()
                snapshot.open(nil)
                let isShared = try snapshot.waitUntilTaken(atMost: lockedFor)
                try shell.query("UNLOCK TABLES")
                if !isShared { try snapshot.waitUntilTaken() }
                let isOneMoment = try isShared && shell.isTransactional(target.database)
                return try shell.fingerprint(of: target.database, isOneMoment ? .dump : .separate)
            }
        } catch DriverError.queryFailed, DriverError.authenticationFailed {
            // 1227: no right to lock; 1205: somebody's statement runs too long.
            snapshot.open(nil)
            return try await MySQLShell.with(target, tools) { shell in
                try shell.allowLongQueries()
                try snapshot.waitUntilTaken()
                try shell.beginSnapshot()
                return try shell.fingerprint(of: target.database, .separate)
            }
        }
    }
}

extension MySQLShell {
    func allowLongQueries() throws {
        let variable = try version().flavour == .mariadb ? "max_statement_time" : "max_execution_time"
        try query("SET SESSION \(variable) = 0")
    }

    func beginSnapshot() throws {
        try query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try query("START TRANSACTION WITH CONSISTENT SNAPSHOT")
    }

    /// Whether every table can be read as it was at the snapshot's moment.
    fileprivate func isTransactional(_ database: String?) throws -> Bool {
        try value(
            """
            SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_\(Self.scope(database))
            AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND ENGINE NOT IN ('InnoDB', 'ROCKSDB')
            """) == "0"
    }

    /// - Parameter database: nil for every database that isn't the server's own.
    func fingerprint(of database: String?, _ moment: Fingerprint.Moment) throws -> Fingerprint {
        let contents = try (database.map { [$0] } ?? databases()).map { name in
            Fingerprint.Database(name: name, schemaDigest: try schemaDigest(of: name), tables: try tables(of: name))
        }
        return Fingerprint(moment: moment, engineVersion: try version().description, databases: contents)
    }

    private func tables(of database: String) throws -> [Fingerprint.Table] {
        let rows = try query(
            """
            SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_\(Self.scope(database))
            AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
            """)
        return try rows.map { row in
            // A versioned table's history is dumped too.
            let history = row.last == "SYSTEM VERSIONED" ? " FOR SYSTEM_TIME ALL" : ""
            let name = row.first ?? ""
            let table = "\(Self.quoted(database)).\(Self.quoted(name))\(history)"
            // No limit of ours: a large table takes its time, and a cancelled task ends the shell.
            let count = try value("SELECT COUNT(*) FROM \(table)", seconds: 1_000_000)
            return Fingerprint.Table(name: name, rows: count.flatMap { UInt64($0) } ?? 0)
        }
    }

    /// Over names, kinds and types. Not over expressions: they name the database, which a restore may have changed.
    private func schemaDigest(of database: String) throws -> String {
        let scope = Self.scope(database)
        let queries = [
            "SELECT 'table', TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_\(scope)",
            """
            SELECT 'column', TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT IS NULL,
              COLLATION_NAME, EXTRA FROM information_schema.COLUMNS WHERE TABLE_\(scope)
            """,
            """
            SELECT 'index', TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, INDEX_TYPE
            FROM information_schema.STATISTICS WHERE TABLE_\(scope)
            """,
            """
            SELECT 'constraint', TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE
            FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_\(scope)
            """,
            """
            SELECT 'routine', ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, SECURITY_TYPE, MD5(ROUTINE_DEFINITION)
            FROM information_schema.ROUTINES WHERE ROUTINE_\(scope)
            """,
            """
            SELECT 'trigger', EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, MD5(ACTION_STATEMENT)
            FROM information_schema.TRIGGERS WHERE TRIGGER_\(scope)
            """,
            """
            SELECT 'event', EVENT_NAME, EVENT_TYPE, STATUS, INTERVAL_VALUE, INTERVAL_FIELD, MD5(EVENT_DEFINITION)
            FROM information_schema.EVENTS WHERE EVENT_\(scope)
            """,
        ]
        return SchemaDigest.of(try queries.flatMap { try query($0) }.map { $0.joined(separator: "\u{1f}") })
    }
}
