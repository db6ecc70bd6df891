internal import BackupCore
internal import CMongo
internal import FoundationEssentials
internal import Synchronization

/// A connection over libmongoc, for one blocking thread.
final class MongoConnection: MongoSession {
    /// Of finding a server, of connecting, and of one answer, in milliseconds.
    private static let selection: Int32 = 10_000
    private static let answer: Int32 = 300_000
    /// Of one answer when documents are counted: a day.
    private static let count: Int32 = 86_400_000

    private let mongo: backup_mongo_functions
    private let client: OpaquePointer
    private let name: String
    private let isAbandoned: Flag

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    /// Runs `body` with a connection on a thread of its own.
    ///
    /// Nothing interrupts libmongoc: who is cancelled goes on at once, and the thread ends with the answer that it waits for.
    /// - Parameter counting: whether answers may take as long as counting does.
    static func with<R: Sendable>(
        _ target: MongoTarget, counting: Bool = false, _ body: @escaping @Sendable (MongoConnection) throws -> R
    ) async throws -> R {
        let flag = Flag()
        return try await withTaskCancellationHandler {
            try await BlockingThread.runAbandonable("mongodb") {
                try body(MongoConnection(target, answer: counting ? count : answer, flag))
            }
        } onCancel: {
            flag.value.store(true, ordering: .relaxed)
        }
    }

    private init(_ target: MongoTarget, answer: Int32, _ isAbandoned: Flag) throws(DriverError) {
        self.isAbandoned = isAbandoned
        let mongo = try MongoLibrary.functions()
        self.mongo = mongo
        name = target.name
        guard let uri = mongo.uri_new(target.text.revealed) else {
            throw .invalidURL(reason: "libmongoc does not accept it")
        }
        defer { mongo.uri_destroy(uri) }
        _ = mongo.uri_set_option_as_int32(uri, "serverselectiontimeoutms", Self.selection)
        _ = mongo.uri_set_option_as_int32(uri, "connecttimeoutms", Self.selection)
        _ = mongo.uri_set_option_as_int32(uri, "sockettimeoutms", answer)
        _ = mongo.uri_set_option_as_utf8(uri, "appname", "backupy")
        guard let client = mongo.client_new_from_uri(uri) else { throw .invalidURL(reason: "libmongoc can't use it") }
        self.client = client
        _ = mongo.client_set_error_api(client, 2)
    }

    deinit { mongo.client_destroy(client) }

    func run<Answer: Decodable>(_ json: String, in database: String) throws -> Answer {
        if isAbandoned.value.load(ordering: .relaxed) { throw CancellationError() }
        var error = backup_mongo_error()
        guard let document = mongo.bson_new_from_json(json, -1, &error) else {
            throw DriverError.queryFailed(name, sqlState: "BSON", reason: Self.words(error))
        }
        defer { mongo.bson_destroy(document) }
        // The call makes a document in it.
        let size = BACKUP_BSON_SIZE
        let space = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: size)
        defer { space.deallocate() }
        let reply = OpaquePointer(space)
        let isGood = mongo.client_command_simple(client, database, document, nil, reply, &error)
        defer { mongo.bson_destroy(reply) }
        guard isGood else { throw failure(error) }
        guard let text = mongo.bson_as_relaxed_extended_json(reply, nil) else { throw failure(error) }
        defer { mongo.bson_free(text) }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(String(cString: text).utf8))
        } catch {
            throw DriverError.queryFailed(name, sqlState: "BSON", reason: "its answer can't be read")
        }
    }

    /// Told by domains and numbers (libmongoc, "Error Reporting"; MongoDB, "Error Codes").
    private func failure(_ error: backup_mongo_error) -> DriverError {
        let words = Self.words(error)
        switch (Int(error.domain), Int(error.code)) {
        case (BACKUP_MONGO_CLIENT, BACKUP_MONGO_CLIENT_AUTHENTICATE), (_, 18), (_, 13):
            return .authenticationFailed(name, reason: words)
        case (BACKUP_MONGO_SERVER_SELECTION, _), (BACKUP_MONGO_STREAM, _):
            return .cannotConnect(name, reason: words)
        default: return .queryFailed(name, sqlState: "\(error.code)", reason: words)
        }
    }

    private static func words(_ error: backup_mongo_error) -> String {
        withUnsafeBytes(of: error.message) {
            LastWords.sentence(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}
