/// A database of the control plane: SQLite or PostgreSQL. Bodies of transactions are synchronous, and run on threads of its own.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// What is read is of one moment.
    func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R

    /// All of it or nothing; returns once it is durable.
    ///
    /// A statement that fails fails all of it, also where the body catches its error and goes on.
    /// The body may run more than once, where the database asks for that: it has no other effects than on the database.
    @discardableResult
    func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R

    /// What ``SQLConnection/wake(_:)`` told since, here or by other replicas. Several may come as one, and after a lost connection `nil` comes: look at
    /// everything.
    func wakeUps() -> AsyncStream<String?>

    func close() async
}

/// What the two databases have different words for.
package struct SQLDialect: Sendable {
    package let isPostgreSQL: Bool

    /// Behind a SELECT of one row that is to be changed: others wait. SQLite has one writer at a time.
    package var forUpdate: String { isPostgreSQL ? "FOR UPDATE" : "" }

    /// Behind a SELECT of rows of `table` that are to be changed: others that do the same go on to the next rows.
    package func skipLocked(_ table: String) -> String { isPostgreSQL ? "FOR UPDATE OF \(table) SKIP LOCKED" : "" }

    /// The text of a migration. Texts compare by their bytes, as SQLite's do: with another collation, that of the database, ids would
    /// sort otherwise than they are made.
    func tables(_ sql: String) -> String {
        isPostgreSQL ? sql.replacing(" TEXT", with: " TEXT COLLATE \"C\"") : sql
    }

    package static let sqlite = SQLDialect(isPostgreSQL: false)
    package static let postgresql = SQLDialect(isPostgreSQL: true)
}

/// A transaction that is open. The SQL is one that both databases read, with `?` for what it is given.
package protocol SQLConnection {
    var dialect: SQLDialect { get }

    /// All rows of the answer; whoever asks gives a LIMIT.
    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow]

    /// - Returns: how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int

    /// Tells all replicas, this one included, that there is something for `topic`, once this transaction is committed.
    func wake(_ topic: String) throws

    /// Several statements without arguments.
    func script(_ sql: String) throws
}

extension SQLConnection {
    package func rows(_ sql: String) throws -> [SQLRow] { try rows(sql, []) }

    @discardableResult
    package func run(_ sql: String) throws -> Int { try run(sql, []) }

    /// The first row; nil for none.
    package func row(_ sql: String, _ arguments: [SQLValue] = []) throws -> SQLRow? { try rows(sql, arguments).first }
}
