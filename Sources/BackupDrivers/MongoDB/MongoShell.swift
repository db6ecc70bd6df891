internal import BackupCore
internal import FoundationEssentials

/// A session in MongoDB's own shell, for servers that only a container's tools reach. For one blocking thread.
///
/// The connection string is said on stdin, because argv is everyone's. Each answer is one line that begins with a mark. Memory: one
/// answer, at most ``ToolConversation/longestLine``.
final class MongoShell: MongoSession {
    /// No database: there is one when its connection string was said. No profile of the user's.
    static let arguments = ["--nodb", "--quiet", "--norc"]
    /// Where mongosh would keep a log of what it is told. There it can't.
    static let environment = ["HOME": "/dev/null"]
    /// Of connecting, of an answer, and of one when documents are counted, in seconds.
    private static let connecting = 60
    private static let answer = 300
    private static let count = 86_400

    private let conversation: ToolConversation
    private let name: String
    private let seconds: Int
    /// In two parts, so that a shell that repeats what it was told doesn't say it.
    private let mark = ("backupy-\(UInt64.random(in: 0 ... .max))-", "\(UInt64.random(in: 0 ... .max)):")

    private init(_ conversation: ToolConversation, name: String, seconds: Int) {
        self.conversation = conversation
        self.name = name
        self.seconds = seconds
    }

    /// Runs `body` with a session on a thread of its own. Cancellation ends the shell, and what waits for it.
    /// - Parameters:
    ///   - tool: the shell, with ``arguments``.
    ///   - counting: whether answers may take as long as counting does.
    static func with<R: Sendable>(
        _ tool: DumpTool, _ target: MongoTarget, counting: Bool,
        _ body: @escaping @Sendable (any MongoSession) throws -> R
    ) async throws -> R {
        try await tool.converse { conversation in
            try await BlockingThread.run("mongosh") {
                let shell = MongoShell(conversation, name: target.name, seconds: counting ? count : answer)
                try shell.connect(target.text)
                return try body(shell)
            }
        }
    }

    func run<Answer: Decodable>(_ json: String, in database: String) throws -> Answer {
        let command =
            "backupyServer.getDB(\(try Self.quoted(database))).runCommand(backupyParse(\(try Self.quoted(json))))"
        let answer = Data(try ask(command, seconds: seconds).utf8)
        let decoder = JSONDecoder()
        if let failed = try? decoder.decode(Failure.self, from: answer) { throw error(failed) }
        // The old shell returns what the new one throws.
        if let refused = try? decoder.decode(Refusal.self, from: answer), refused.ok.value == 0 {
            throw error(Failure(code: refused.code, name: "", message: refused.errmsg ?? ""))
        }
        do {
            return try decoder.decode(Answer.self, from: answer)
        } catch {
            throw DriverError.queryFailed(name, sqlState: "BSON", reason: "its answer can't be read")
        }
    }

    private struct Failure: Decodable {
        let code: MongoNumber?
        let name: String
        let message: String

        private enum CodingKeys: String, CodingKey {
            case code
            case name = "backupyFailure"
            case message
        }
    }

    private struct Refusal: Decodable {
        let ok: MongoNumber
        let code: MongoNumber?
        let errmsg: String?
    }

    private func connect(_ uri: Secret) throws {
        // The old shell, mongo, has no EJSON.
        try conversation.say(
            """
            var backupyText = typeof EJSON === "undefined" ? JSON.stringify : function (x) { return EJSON.stringify(x, {relaxed: false}) };
            var backupyParse = typeof EJSON === "undefined" ? JSON.parse : EJSON.parse;
            var backupyServer = null;

            """)
        let command = "(backupyServer = new Mongo(\(try Self.quoted(uri.revealed)))) && {}"
        let answer = Data(try ask(command, seconds: Self.connecting).utf8)
        if let failed = try? JSONDecoder().decode(Failure.self, from: answer) { throw error(failed) }
    }

    /// - Returns: the line of the answer, behind the mark.
    private func ask(_ expression: String, seconds: Int) throws -> String {
        let printing = #"print("\#(mark.0)" + "\#(mark.1)" + backupyText("#
        try conversation.say(
            """
            try { \(printing)\(expression))) } \
            catch (e) { \(printing){code: e.code, backupyFailure: String(e.name), message: String(e.message)})) }

            """)
        let (mark, deadline) = (mark.0 + mark.1, ContinuousClock.now + .seconds(seconds))
        do {
            while true {
                // A prompt may stand before it.
                let line = try conversation.line(until: deadline).utf8
                if let range = line.firstRange(of: mark.utf8) { return String(Substring(line[range.upperBound...])) }
            }
        } catch is PipeEnd.Silence {
            throw DriverError.cannotConnect(name, reason: "it did not answer in time")
        }
    }

    /// Told by numbers, and by the names of the driver's errors (MongoDB, "Error Codes").
    private func error(_ failure: Failure) -> DriverError {
        let words = LastWords.sentence(failure.message)
        switch (failure.code?.value, failure.name) {
        case (18, _), (13, _): return .authenticationFailed(name, reason: words)
        case (_, "MongoServerSelectionError"), (_, "MongoNetworkError"), (_, "MongoNetworkTimeoutError"):
            return .cannotConnect(name, reason: words)
        case (let code?, _): return .queryFailed(name, sqlState: "\(code)", reason: words)
        case (nil, _): return .cannotConnect(name, reason: words)
        }
    }

    /// As JavaScript writes it: as JSON, but two of its characters end a line there.
    private static func quoted(_ text: String) throws -> String {
        try MongoTools.quoted(text).replacingBytes("\u{2028}", with: "\\u2028").replacingBytes(
            "\u{2029}", with: "\\u2029")
    }
}
