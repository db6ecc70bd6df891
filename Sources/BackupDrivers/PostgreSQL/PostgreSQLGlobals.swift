internal import BackupCore

/// Roles and tablespaces, as pg_dumpall writes them, put into a server statement by statement.
///
/// Memory: one statement, and the names of the server's roles and tablespaces.
struct PostgreSQLGlobals {
    private let session: any PostgreSQLSession
    /// The role that restores: its name and whether it may be changed are not the backup's to say.
    private let own: String
    private let roles: Set<[UInt8]>
    private let tablespaces: Set<[UInt8]>

    init(_ session: any PostgreSQLSession) throws {
        func names(_ sql: String) throws -> Set<[UInt8]> {
            Set(try session.query(sql).compactMap { $0.first ?? nil }.map { Array($0.utf8) })
        }
        self.session = session
        own = try session.query("SELECT session_user").first?.first.flatMap { $0 } ?? ""
        roles = try names("SELECT rolname FROM pg_catalog.pg_roles")
        tablespaces = try names("SELECT spcname FROM pg_catalog.pg_tablespace")
    }

    /// Roles that exist already are kept and get the backup's attributes. Only the one that restores keeps its own, or its
    /// next connection would need the backup's password.
    /// - Throws: the first failure; what came before it stays.
    func run(_ statement: String) throws {
        // Settings of pg_dumpall's own session, of which ours needs none.
        if statement.hasPrefix("SET ") { return }
        if let role = Self.name(in: statement, after: "CREATE ROLE "), roles.contains(Array(role.name.utf8)) { return }
        if let space = Self.name(in: statement, after: "CREATE TABLESPACE "),
            tablespaces.contains(Array(space.name.utf8))
        {
            return
        }
        if let role = Self.name(in: statement, after: "ALTER ROLE "), role.name.equalsBytes(own),
            role.rest.hasPrefix(" WITH ")
        {
            return
        }
        do {
            try session.execute(statement)
        } catch DriverError.queryFailed(let database, let state, let reason) {
            throw DriverError.queryFailed(
                database, sqlState: state, reason: "the roles or tablespaces could not be made: \(reason)")
        }
    }

    /// The name behind `words`, as SQL writes it, and what follows.
    static func name(in statement: String, after words: String) -> (name: String, rest: String)? {
        guard statement.utf8.starts(with: words.utf8) else { return nil }
        var rest = Array(statement.utf8.dropFirst(words.utf8.count))[...]
        var name: [UInt8] = []
        let quote = UInt8(ascii: "\"")
        if rest.first == quote {
            rest = rest.dropFirst()
            while let byte = rest.popFirst() {
                if byte == quote {
                    guard rest.first == quote else { break }
                    rest = rest.dropFirst()
                }
                name.append(byte)
            }
        } else {
            name = Array(rest.prefix { $0 != UInt8(ascii: " ") })
            rest = rest.dropFirst(name.count)
        }
        return (String(decoding: name, as: UTF8.self), String(decoding: rest, as: UTF8.self))
    }
}

/// Runs what is written into it. For one thread.
///
/// `@unchecked Sendable`: one thread writes, and `finish()` comes after its last write.
final class PostgreSQLGlobalsSink: ByteSink, @unchecked Sendable {
    private let globals: PostgreSQLGlobals
    private var statements = SQLStatements()

    init(_ globals: PostgreSQLGlobals) { self.globals = globals }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try statements.take(bytes, globals.run) }
    func finish() throws { try statements.finish() }
    /// Its writer stops by itself.
    func cancel() {}
}
