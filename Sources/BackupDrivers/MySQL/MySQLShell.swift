internal import BackupCore
internal import Synchronization

/// A session in the client's shell, for one blocking thread: the same over TCP, a socket, or inside a container.
final class MySQLShell: Sendable {
    /// No query of ours takes longer on a server that is well, counting rows aside.
    static let querySeconds = 60

    private let conversation: ToolConversation
    private let database: String
    private let queries = Atomic(0)
    /// What a line of data can't be: nobody knows it.
    private let mark = "backupy-\(UInt64.random(in: 0 ... .max))"

    private init(_ conversation: ToolConversation, database: String) {
        self.conversation = conversation
        self.database = database
    }

    /// Runs `body` with a session on a thread of its own.
    ///
    /// Cancellation ends the shell, and what waits for it.
    /// - Throws: ``DriverError``; `CancellationError`.
    static func with<R: Sendable>(
        _ target: MySQLTarget, _ tools: MySQLTools, database: String? = nil,
        _ body: @escaping @Sendable (MySQLShell) throws -> R
    ) async throws -> R {
        let tool = try await tools.shell()
        let name = database ?? target.name
        // In binary mode it has no commands, such as \!, and passes \r\n in a name on as it is.
        let arguments =
            [
                "--batch", "--binary-mode", "--skip-column-names", "--unbuffered", "--default-character-set=utf8mb4",
                "--connect-timeout=10",
            ]
            + (tool.options.contains("sandbox") ? ["--sandbox"] : []) + (database.map { ["--database=\($0)"] } ?? [])
        do {
            return try await tools.calling(tool, target, arguments) { call in
                try await call.converse { conversation in
                    try await BlockingThread.run("mysql") {
                        let shell = MySQLShell(conversation, database: name)
                        try shell.query("SET NAMES utf8mb4")
                        return try body(shell)
                    }
                }
            }
        } catch DriverError.toolFailed(let tool, let ending, let words) {
            throw MySQLWords.error(words, database: name) ?? .toolFailed(tool, ending: ending, words: words)
        }
    }

    /// Every row's columns as text; NULL is `NULL`.
    @discardableResult
    func query(_ sql: String, seconds: Int = querySeconds) throws -> [[String]] {
        let end = "\(mark)-\(queries.add(1, ordering: .relaxed).newValue)"
        try conversation.say("\(sql);\nSELECT '\(end)';\n")
        let deadline = ContinuousClock.now + .seconds(seconds)
        var rows: [[String]] = []
        do {
            while case let line = try conversation.line(until: deadline), line != end {
                rows.append(line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.unescaped))
            }
        } catch is PipeEnd.Silence {
            throw DriverError.cannotConnect(database, reason: "it did not answer a query in time")
        }
        return rows
    }

    /// The only column of the only row.
    func value(_ sql: String, seconds: Int = querySeconds) throws -> String? {
        try query(sql, seconds: seconds).first?.first
    }

    /// `name` as SQL writes it.
    static func quoted(_ name: String) -> String { "`\(name.replacingBytes("`", with: "``"))`" }

    /// `text` as SQL writes it. In hexadecimal, so that it is the same in every SQL mode.
    static func literal(_ text: String) -> String {
        guard !text.isEmpty else { return "''" }
        let digits = text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 2 ? digits : "0" + digits
        }
        return "_utf8mb4 0x\(digits.joined())"
    }

    /// What `--batch` writes for characters that would end a column or a line.
    private static func unescaped(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
        let escapes: [UInt8: UInt8] = [UInt8(ascii: "n"): 0x0a, UInt8(ascii: "t"): 0x09, UInt8(ascii: "0"): 0]
        var result: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                result.append(escapes[byte] ?? byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
