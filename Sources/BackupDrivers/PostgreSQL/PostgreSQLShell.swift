internal import BackupCore
internal import Synchronization

/// A session in psql: for servers that only a tool beside them can reach.
final class PostgreSQLShell: PostgreSQLSession, Sendable {
    let database: String
    let serverVersion: Int
    private let conversation: ToolConversation
    private let queries = Atomic(0)
    /// What no value can be: nobody knows it.
    private let mark: String

    private init(_ conversation: ToolConversation, database: String, mark: String) throws {
        self.conversation = conversation
        self.database = database
        self.mark = mark
        // No SHOW: psql counts no rows of it.
        let query = "SELECT pg_catalog.current_setting('server_version_num')"
        let version = try Self.ask(query, conversation, end: mark + "-0", null: mark).first?.first
        serverVersion = (version ?? nil).flatMap { Int($0) } ?? 0
    }

    static func with<R: Sendable>(
        _ access: PostgreSQLAccess, database: String, _ body: @escaping @Sendable (any PostgreSQLSession) throws -> R
    ) async throws -> R {
        let mark = "backupy-\(UInt64.random(in: 0 ... .max))"
        let tool = try await access.tools.find("psql", atLeast: 0)
        let target = access.target.with(database: database)
        let arguments = [
            "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator-zero",
            "--record-separator-zero",
            "--no-password", "--pset=null=\(mark)", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose",
            "--dbname=\(target.connectionString)",
        ]
        do {
            return try await access.tools.call(tool, arguments: arguments, password: target.password)
                .converse { conversation in
                    try await BlockingThread.run("psql") {
                        let shell = try PostgreSQLShell(conversation, database: database, mark: mark)
                        try shell.prepare()
                        return try body(shell)
                    }
                }
        } catch DriverError.toolFailed(_, let ending, let words) {
            throw await error(words, isConnection: ending == "exit status 2", access, database: database)
        }
    }

    func query(_ sql: String, seconds limit: Int) throws -> [[String?]] {
        let end = "\(mark)-\(queries.add(1, ordering: .relaxed).newValue)"
        do {
            return try Self.ask(sql, conversation, end: end, null: mark, seconds: limit)
        } catch is PipeEnd.Silence {
            throw DriverError.cannotConnect(database, reason: "it did not answer a query in time")
        }
    }

    /// As a value that psql gets back and sends (`\gexec`): in its text, a backslash would begin a command of psql's, which
    /// could run a program.
    func execute(_ statement: String) throws {
        let hex = statement.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 2 ? digits : "0" + digits
        }.joined()
        let end = "\(mark)-\(queries.add(1, ordering: .relaxed).newValue)"
        try conversation.say(
            "SELECT pg_catalog.convert_from(pg_catalog.decode('\(hex)', 'hex'), 'UTF8')\n\\gexec\nSELECT '\(end)'\n\\g\n"
        )
        let deadline = ContinuousClock.now + .seconds(Self.querySeconds)
        while try !conversation.line(until: deadline, endingWith: 0).equalsBytes(end) {}
    }

    func quoted(_ name: String) throws(DriverError) -> String { "\"\(name.replacingBytes("\"", with: "\"\""))\"" }

    /// Fields and records end with a zero byte, which no text in PostgreSQL has. psql knows how many records there were, and
    /// all have the same number of fields.
    private static func ask(
        _ sql: String, _ conversation: ToolConversation, end: String, null: String, seconds: Int = querySeconds
    ) throws -> [[String?]] {
        try conversation.say("\(sql)\n\\g\nSELECT '\(end)', :ROW_COUNT\n\\g\n")
        let deadline = ContinuousClock.now + .seconds(seconds)
        var fields: [String?] = []
        while case let field = try conversation.line(until: deadline, endingWith: 0), !field.equalsBytes(end) {
            fields.append(field.equalsBytes(null) ? nil : field)
        }
        let rows = Int(try conversation.line(until: deadline, endingWith: 0)) ?? 0
        guard rows > 0, fields.count >= rows, fields.count % rows == 0 else { return [] }
        let columns = fields.count / rows
        return stride(from: 0, to: fields.count, by: columns).map { Array(fields[$0..<$0 + columns]) }
    }

    /// What psql's words mean. A refused connection has no SQLSTATE in them, so whether the database is there is asked.
    private static func error(
        _ words: String, isConnection: Bool, _ access: PostgreSQLAccess, database: String
    ) async -> any Error {
        guard isConnection else {
            guard let state = PostgreSQLConnection.sqlState(words) else {
                return DriverError.cannotConnect(database, reason: words)
            }
            return DriverError.queryFailed(database, sqlState: state, reason: PostgreSQLConnection.reason(words))
        }
        if database != "postgres" {
            let known = try? await with(access, database: "postgres") { session in
                try session.query("SELECT datname FROM pg_catalog.pg_database").compactMap { $0.first ?? nil }
            }
            if let known, !known.contains(where: { $0.equalsBytes(database) }) {
                return DriverError.unknownDatabase(database)
            }
        }
        return DriverError.cannotConnect(database, reason: words)
    }
}
