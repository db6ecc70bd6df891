internal import AsyncHTTPClient
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sends one request to an address that ``AddressGuard`` allows, and looks at nothing but the status of the answer. Follows no redirect:
/// it could lead where the first address may not.
struct GuardedClient: Sendable {
    private static let limit = TimeAmount.seconds(30)
    private static let connectLimit = TimeAmount.seconds(10)

    let addresses: AddressGuard
    /// PEM; nil for the system's authorities.
    var caFile: String?

    /// - Throws: ``DeliveryError``, with nothing of `url` but its host.
    func post(_ url: Secret, _ body: [UInt8], headers: [(String, String)] = []) async throws {
        let place = try Place(url)
        let address = try await addresses.address(of: place.host)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: Self.connectLimit))
        // What fails once is tried again by whoever has the notice; here its reason would get lost.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The name stays the one that the certificate must have.
        configuration.dnsOverride = [place.host: address]
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let caFile { tls.trustRoots = .file(caFile) }
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result = await Self.status(client, place, body, headers)
        try await client.shutdown()
        try Self.check(try result.get(), place)
    }

    private static func status(
        _ client: HTTPClient, _ place: Place, _ body: [UInt8], _ headers: [(String, String)]
    ) async -> Result<HTTPClientResponse, any Error> {
        var request = HTTPClientRequest(url: place.url.revealed)
        request.method = .POST
        request.headers = HTTPHeaders(
            [("Content-Type", "application/json"), ("User-Agent", "backupy-server/\(ServerVersion.current)")] + headers)
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            return .success(try await client.execute(request, timeout: limit))
        } catch is CancellationError {
            return .failure(CancellationError())
        } catch let error where error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
            return .failure(DeliveryError.insecure(host: place.host))
        } catch let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded {
            return .failure(DeliveryError.unreachable(host: place.host, reason: "no answer in time"))
        } catch {
            // Errors of others may hold the URL, which is a secret here and there.
            return .failure(DeliveryError.unreachable(host: place.host, reason: "the connection failed"))
        }
    }

    private static func check(_ response: HTTPClientResponse, _ place: Place) throws(DeliveryError) {
        switch response.status.code {
        case 200..<300: return
        case 429:
            let seconds = response.headers.first(name: "Retry-After").flatMap { Int($0) } ?? 60
            throw .throttled(host: place.host, seconds: min(max(1, seconds), 3600))
        case let status: throw .refused(host: place.host, status: Int(status))
        }
    }

    /// A URL taken apart and put together again, so that what is resolved and what is connected to are the same name.
    private struct Place {
        let host: String
        let url: Secret

        init(_ secret: Secret) throws(DeliveryError) {
            guard let url = URL(string: secret.revealed), let scheme = url.scheme?.lowercased(),
                scheme == "https" || scheme == "http",
                let host = url.host()?.lowercased(), url.user() == nil, url.password() == nil,
                // SwiftNIO stops the process at a port that is none.
                (1...65_535).contains(url.port ?? 1)
            else { throw .badChannel("its address is none like https://host/path") }
            let bare = String(host.filter { $0 != "[" && $0 != "]" })
            guard bare.wholeMatch(of: /[a-z0-9._-]{1,253}|[0-9a-f:.]{2,60}/) != nil else {
                throw .badChannel("its host can't be used")
            }
            let port = url.port.map { ":\($0)" } ?? ""
            let path = url.path(percentEncoded: true)
            let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
            self.host = bare
            self.url = Secret(
                "\(scheme)://\(bare.contains(":") ? "[\(bare)]" : bare)\(port)\(path.isEmpty ? "/" : path)\(query)")
        }
    }
}
