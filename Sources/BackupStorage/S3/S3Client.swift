internal import AsyncHTTPClient
internal import BackupCore
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Sends requests, tries them again, and understands refusals.
///
/// Memory: an answer of up to ``largestAnswer``, and what is in a connection's buffers; bodies belong to the caller.
struct S3Client: Sendable {
    /// A page of 1,000 keys of 1,024 bytes, each byte encoded, is 3 MiB.
    static let largestAnswer = 8 << 20

    private(set) var location: String
    /// nil: only requests with a URL of their own can be sent.
    private let addressing: S3Addressing?
    private let settings: TransportSettings
    private let group: MultiThreadedEventLoopGroup
    private let client: HTTPClient
    /// For what goes through the proxy; nil without one.
    private let proxied: HTTPClient?
    /// Whether the store has done anything that it was asked for.
    private let hasAnswered = Flag()
    /// Whether the store wants `Content-MD5` with what is stored.
    private let wantsMD5 = Flag()

    init(location: String, addressing: S3Addressing?, settings: TransportSettings) throws(StorageError) {
        self.location = location
        self.addressing = addressing
        self.settings = settings
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.timeout = .init(
            connect: TimeAmount(settings.connectTimeout), read: TimeAmount(settings.stallTimeout),
            write: TimeAmount(settings.stallTimeout))
        // Trying again is decided here, with a bound.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = try Self.trust(settings)
        // One thread: with several, the back-pressure of bodies is a race.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        proxied = settings.proxy.map { [group] proxy in
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.basicCredentials.map { .basic(credentials: $0) })
            return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        }
    }

    /// The same client, for messages about another place.
    func at(_ location: String) -> S3Client {
        var client = self
        client.location = location
        return client
    }

    func close() async {
        // Connections that can't be closed in order go with the process.
        try? await client.shutdown()
        try? await proxied?.shutdown()
        try? await group.shutdownGracefully()
    }

    // MARK: Requests

    /// Sends `request` and reads the whole answer.
    /// - Parameter accepting: statuses besides 2xx that are answers, not errors.
    /// - Throws: ``StorageError`` after as many attempts as make sense; `CancellationError`.
    func send(_ request: S3Request, accepting: Set<Int> = []) async throws -> S3Response {
        try await retrying(request) { request, attempt in
            let response = try await execute(request)
            let body = try await Array(response.body.collect(upTo: Self.largestAnswer).readableBytesView)
            let status = Int(response.status.code)
            guard (200..<300).contains(status) || accepting.contains(status) else {
                throw refusal(of: request, response, body: body)
            }
            // An upload's completion can fail behind a status of 200, which S3 sends before it knows.
            if status == 200, let error = Self.error(in: body) { throw refusal(of: request, status: 500, error) }
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            return S3Response(status: status, headers: headers, body: body, attempts: attempt)
        }
    }

    /// Sends `request` and leaves the body of the answer to the caller.
    func open(_ request: S3Request, accepting: Set<Int>) async throws -> HTTPClientResponse {
        try await retrying(request) { request, _ in
            let response = try await execute(request)
            let status = Int(response.status.code)
            guard (200..<300).contains(status) || accepting.contains(status) else {
                let body = try await Array(response.body.collect(upTo: Self.largestAnswer).readableBytesView)
                throw refusal(of: request, response, body: body)
            }
            return response
        }
    }

    /// Deletes an object, or one of its versions; it is no error when there is none.
    func delete(_ key: String, version: String? = nil) async throws {
        var request = S3Request("DeleteObject", method: "DELETE", key: key)
        if let version { request.query = [("versionId", version)] }
        request.isCleanUp = true
        _ = try await send(request, accepting: [404])
    }

    /// Runs `body` until it succeeds, fails for good, or has failed often enough; then its last failure is thrown.
    private func retrying<R>(_ request: S3Request, _ body: (S3Request, Int) async throws -> R) async throws -> R {
        var request = request
        var attempt = 1
        while true {
            try Task.checkCancellation()
            if wantsMD5.isRaised, request.isUpload { try await request.addMD5() }
            do {
                let result = try await body(request, attempt)
                hasAnswered.raise()
                return result
            } catch {
                let isCancelled = Task.isCancelled
                let failure = failure(error, in: request.operation)
                if isCancelled || failure.leavesOutcomeOpen { request.mayBeDone?.raise() }
                if isCancelled { throw CancellationError() }
                if request.mayLackMD5, case .refused(_, _, 400, "InvalidRequest") = failure {
                    wantsMD5.raise()
                    continue
                }
                guard failure.recovery == .retry, attempt < attempts(of: request) else { throw failure }
            }
            try await Task.sleep(for: settings.retries.delay(after: attempt))
            attempt += 1
        }
    }

    private func attempts(of request: S3Request) -> Int {
        hasAnswered.isRaised && !request.isCleanUp ? settings.retries.patientAttempts : settings.retries.attempts
    }

    /// How long to wait for a state of the store that needs a moment.
    func pause(after attempt: Int) async throws { try await Task.sleep(for: settings.retries.delay(after: attempt)) }

    private func execute(_ request: S3Request) async throws -> HTTPClientResponse {
        guard var outgoing = request.link?.outgoing(request) ?? addressing?.outgoing(request) else {
            throw StorageError.unsupported(request.operation, location: location)
        }
        outgoing.method = HTTPMethod(rawValue: request.method)
        if request.body.count > 0 {
            let body = PacedBody(body: request.body, eventLoop: group.next())
            outgoing.body = .stream(body, length: .known(Int64(request.body.count)))
        } else if ["PUT", "POST"].contains(request.method) {
            outgoing.body = .bytes(ByteBuffer())
        }
        return try await client(for: outgoing.url).execute(outgoing, deadline: .distantFuture)
    }

    private func client(for url: String) -> HTTPClient {
        guard let proxied, let proxy = settings.proxy, proxy.serves(url) else { return client }
        return proxied
    }

    // MARK: Errors

    /// `error` as one of ours.
    func failure(_ error: any Error, in operation: String) -> StorageError {
        switch error {
        case let error as StorageError: return error
        case let error as HTTPClientError where [.readTimeout, .writeTimeout, .deadlineExceeded].contains(error):
            return .stalled(location: location, operation: operation)
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            return .unreachable(location: location, reason: "the proxy asks for a user and a password")
        case let error as HTTPClientError where error == .httpProxyHandshakeTimeout:
            return .unreachable(location: location, reason: "the proxy gave no connection")
        case let error as HTTPClientError where error == .connectTimeout:
            return .unreachable(location: location, reason: "no answer within \(settings.connectTimeout)")
        case let error as IOError where [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH].contains(error.errnoCode):
            return .unreachable(location: location, reason: Self.words(error))
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            return .unreachable(location: location, reason: "it hung up during the TLS handshake")
        case let error as NIOSSLError where error != .uncleanShutdown:
            return .tls(location: location, reason: Self.words(error))
        case let error as NIOConnectionError:
            return .unreachable(location: location, reason: Self.words(error))
        default:
            return .connectionLost(location: location, operation: operation, reason: Self.words(error))
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return words(first.error) }
            return error.dnsAError == nil && error.dnsAAAAError == nil
                ? "no connection to \(error.host):\(error.port)" : "the name \(error.host) is not known"
        case let error as IOError: return SystemMessage.of(error.errnoCode)
        case NIOSSLError.handshakeFailed(.sslError(let stack)):
            // `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at FILE:LINE`
            return stack.first?.description.split(separator: " at ").first?.split(separator: ":").last?.lowercased()
                .replacing("_", with: " ") ?? "the handshake failed"
        case NIOSSLError.unableToValidateCertificate: return "its certificate is for another name"
        // Its description shows the request's headers.
        case let error as HTTPClientError: return error.shortDescription
        default: return "\(error)"
        }
    }

    private static func error(in body: [UInt8]) -> XMLElement? {
        guard let document = XMLElement.parse(body), document.name == "Error" else { return nil }
        return document
    }

    private func refusal(of request: S3Request, _ response: HTTPClientResponse, body: [UInt8]) -> StorageError {
        let (status, error) = (Int(response.status.code), Self.error(in: body))
        let date = response.headers.first(name: "date")
        return request.link?.refusal(of: request, status: status, error, date: date)
            ?? refusal(of: request, status: status, error)
    }

    /// Source: Amazon S3 API Reference, "Error responses".
    private func refusal(of request: S3Request, status: Int, _ error: XMLElement?) -> StorageError {
        let code = error?["Code"] ?? "HTTP \(status)"
        let operation = request.operation
        switch code {
        case "NoSuchBucket": return .noSuchBucket(location: location)
        case "InvalidObjectState": return .archived(request.key ?? "", location: location)
        case "NoSuchKey": return .notFound(request.key ?? "", location: location)
        case "AccessDenied", "AllAccessDisabled", "AccountProblem":
            return .accessDenied(location: location, operation: operation)
        case "SignatureDoesNotMatch": return .wrongSecret(location: location)
        case "InvalidAccessKeyId": return .unknownAccessKey(location: location)
        case "ExpiredToken", "TokenRefreshRequired", "InvalidToken": return .expiredCredential(location: location)
        case "RequestTimeTooSkewed": return .clockSkew(location: location)
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
            "IllegalLocationConstraintException":
            return .wrongRegion(location: location, right: error?["Region"])
        case "QuotaExceeded", "QuotaExceededException": return .diskFull(location: location)
        case "PreconditionFailed": return .objectExists(request.key ?? "", location: location)
        case "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "ConditionalRequestConflict",
            "OperationAborted":
            return .serverError(location: location, operation: operation, status: status, code: code)
        default: break
        }
        switch status {
        case 301, 307: return .wrongRegion(location: location, right: nil)
        case 401, 403: return .accessDenied(location: location, operation: operation)
        case 412: return .objectExists(request.key ?? "", location: location)
        case 404 where request.key != nil && error == nil: return .notFound(request.key ?? "", location: location)
        case 507: return .diskFull(location: location)
        // 501 is a feature that the server doesn't have: asking again changes nothing.
        case 408, 429, 500, 502...599:
            return .serverError(location: location, operation: operation, status: status, code: code)
        default: return .refused(location: location, operation: operation, status: status, code: code)
        }
    }

    private static func trust(_ settings: TransportSettings) throws(StorageError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = settings.caFile { tls.trustRoots = .certificates(try certificates(file)) }
        if let file = settings.additionalCAFile {
            tls.additionalTrustRoots = [.certificates(try certificates(file))]
        }
        return tls
    }

    private static func certificates(_ file: String) throws(StorageError) -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw .invalidSetting("ca-file", reason: "\(file) can't be read as PEM certificates")
        }
    }
}
