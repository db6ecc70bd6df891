import AsyncHTTPClient
import BackupAPI
import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// The server in this process, over SQLite in a folder of its own, or a database and a folder that it shares with others.
final class TestServer: Sendable {
    static let password = "correct horse battery"

    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: String

        var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }
        func document<Document: APIDocument>(_: Document.Type = Document.self) throws -> Document {
            try APICoding.decoder().decode(Document.self, from: Data(body.utf8))
        }
        var error: ErrorDocument.Body? { try? document(ErrorDocument.self).error }
    }

    let server: Server
    let port: Int
    let log: CapturedLog
    private let folder: TemporaryFolder
    private let task: Task<Void, any Error>

    init(
        limits change: @Sendable (inout APILimits) -> Void = { _ in }, trustedProxies: [String] = [],
        publicURL: String = "", agentURL: String = "", deliveryNetworks: [String] = [], database: Secret? = nil,
        folder: TemporaryFolder? = nil,
        gateway changeGateway: @Sendable (inout GatewaySettings) -> Void = { _ in }
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let log = CapturedLog()
        self.log = log
        var settings = ServerSettings(
            port: 0, database: database ?? Secret(folder("control.db")), dataDirectory: folder.path,
            publicURL: publicURL, agentURL: agentURL,
            trustedProxies: trustedProxies.compactMap { AddressRange($0) })
        settings.limits.publicRequestsPerMinute = 100_000
        settings.limits.requestsPerMinute = 100_000
        settings.limits.loginsPerMinute = 100_000
        settings.limits.refusalsPerMinute = 100_000
        settings.checksAnswers = true
        settings.deliveryNetworks = deliveryNetworks.compactMap { AddressRange($0) }
        change(&settings.limits)
        changeGateway(&settings.gateway)
        let server = try await Server(
            settings, logger: Logger(label: "test") { _ in log.handler }, passwords: PasswordHasher(cost: .cheap))
        self.server = server
        let (ports, gotPort) = AsyncStream<Int>.makeStream()
        task = Task { try await server.run { gotPort.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw TestFailure("it does not listen") }
        self.port = port
    }

    deinit { task.cancel() }

    // MARK: Requests

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: String? = nil, token: String? = nil,
        headers: [(String, String)] = [], type: String = "application/json"
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let token { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.body = .bytes(ByteBuffer(string: body))
            request.headers.add(name: "Content-Type", value: type)
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 8 << 20)
        return Reply(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $0 + "\n" + $1 },
            body: String(buffer: bytes))
    }

    /// The first owner, logged in.
    func owner() async throws -> String {
        guard let setup = try await server.setupToken() else { throw TestFailure("there is somebody already") }
        let reply = try await send(
            "POST", "/v1/auth/setup",
            #"{"token":"\#(setup.revealed)","email":"owner@example.com","name":"Olga","password":"\#(Self.password)"}"#)
        guard reply.status == 201 else { throw TestFailure(reply.body) }
        return try await login("owner@example.com")
    }

    func login(_ email: String, password: String = TestServer.password, code: String? = nil) async throws -> String {
        let code = code.map { #","code":"\#($0)""# } ?? ""
        let reply = try await send(
            "POST", "/v1/auth/login", #"{"email":"\#(email)","password":"\#(password)"\#(code)}"#)
        guard reply.status == 200, let token = try reply.document(LoginDocument.self).token else {
            throw TestFailure(reply.body)
        }
        return token
    }

    /// Somebody with a role, logged in.
    func person(_ role: String, by owner: String) async throws -> (id: String, session: String) {
        let email = "\(role)-\(UUID().uuidString.lowercased())@example.com"
        let reply = try await send(
            "POST", "/v1/users",
            #"{"email":"\#(email)","name":"N","role":"\#(role)","password":"\#(Self.password)"}"#, token: owner)
        guard reply.status == 201 else { throw TestFailure(reply.body) }
        return (try reply.document(UserDocument.self).id, try await login(email))
    }
}

/// What the server logs, as its own handler would write it.
final class CapturedLog: Sendable {
    private let text = Mutex("")
    var words: String { text.withLock { $0 } }

    var handler: any LogHandler { Handler(log: self) }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        init(log: CapturedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let error = event.error.map { "\($0)" } ?? ""
            let line = "\(event.message) \(error) \(metadata) \(event.metadata ?? [:])\n"
            log.text.withLock { $0 += line }
        }
    }
}
