internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Calls of a server's REST API.
///
/// Memory: one answer of at most ``largestAnswer``, and lists of at most ``largestList`` things.
struct ServerClient: Sendable {
    static let largestAnswer = 8 << 20
    static let largestList = 10_000
    /// What the server's rate limit makes a command wait in all, before it is an error.
    static let patience = Duration.seconds(120)

    let server: String
    private let token: Secret
    private let client: HTTPClient

    /// Gives `body` a client, and closes its connections afterwards.
    static func with<R: Sendable>(_ login: Login, _ body: (ServerClient) async throws -> R) async throws -> R {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = login.caFile {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
            } catch {
                throw CommandError.badCertificates(file)
            }
        }
        var settings = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        settings.timeout = .init(connect: .seconds(10), read: .seconds(60), write: .seconds(60))
        settings.connectionPool.retryConnectionEstablishment = false
        settings.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let outcome: Result<R, any Error>
        do {
            outcome = .success(try await body(Self(server: login.server.url, token: login.token, client: client)))
        } catch {
            outcome = .failure(error)
        }
        // Connections that can't be closed in order go with the process.
        try? await client.shutdown()
        return try outcome.get()
    }

    func get<Answer: Decodable>(_ path: String, _ query: [(String, String?)] = []) async throws -> Answer {
        try decode(await send(.GET, path + Self.text(query), nil))
    }

    func post<Answer: Decodable>(
        _ path: String, _ body: some Encodable, headers: [String: String] = [:]
    ) async throws -> Answer {
        try decode(await send(.POST, path, try JSONEncoder().encode(body), headers: headers))
    }

    func patch<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        try decode(await send(.PATCH, path, try JSONEncoder().encode(body)))
    }

    func delete(_ path: String) async throws { _ = try await send(.DELETE, path, nil) }

    /// A call whose answer says nothing.
    func post(_ path: String) async throws { _ = try await send(.POST, path, nil) }

    private struct Page<Item: Decodable>: Decodable {
        let items: [Item]
        let next_cursor: String?
    }

    /// Every item of a list, page after page, at most `limit`.
    func list<Item: Decodable>(
        _ path: String, _ query: [(String, String?)] = [], limit: Int = largestList
    ) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        repeat {
            let size = min(100, limit - items.count)
            let page: Page<Item> = try await get(path, query + [("limit", "\(size)"), ("cursor", cursor)])
            items += page.items.prefix(size)
            cursor = page.next_cursor
        } while cursor != nil && items.count < limit
        return items
    }

    // MARK: One call

    private func decode<Answer: Decodable>(_ bytes: [UInt8]) throws -> Answer {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch {
            throw RemoteError.unexpectedAnswer(server)
        }
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ body: Data?, headers: [String: String] = [:]
    ) async throws -> [UInt8] {
        var waited = Duration.zero
        while true {
            let response: HTTPClientResponse
            let bytes: [UInt8]
            do {
                response = try await client.execute(
                    request(method, path, body, headers), deadline: .now() + .seconds(300))
                bytes = Array(buffer: try await response.body.collect(upTo: Self.largestAnswer))
            } catch let error as CancellationError {
                throw error
            } catch {
                throw ServerFailure(server: server).explain(error)
            }
            if (200..<300).contains(response.status.code) { return bytes }
            guard response.status == .tooManyRequests else {
                throw ServerFailure(server: server).refusal(status: Int(response.status.code), body: bytes)
            }
            let seconds = response.headers.first(name: "Retry-After").flatMap { Int($0) } ?? 5
            let wait = Duration.seconds(min(max(1, seconds), 60))
            waited += wait
            guard waited <= Self.patience else { throw RemoteError.rateLimited(server) }
            try await Task.sleep(for: wait)
        }
    }

    private func request(
        _ method: HTTPMethod, _ path: String, _ body: Data?, _ headers: [String: String]
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: server + "/v1" + path)
        request.method = method
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "backupy/\(Backupy.version)")
        if !token.revealed.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token.revealed)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        } else if method == .POST {
            request.body = .bytes(ByteBuffer())
        }
        return request
    }

    /// `?a=b&c=d` of those that have a value.
    private static func text(_ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encoded($0))" } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}
