internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A REST API for tests, over TLS: every request goes to a closure, and is remembered.
package final class ScriptedAPI: Sendable {
    package struct Request: Sendable {
        package let method: String
        /// With its query.
        package let path: String
        package let token: String
        package let body: String
    }

    package struct Response: Sendable {
        package let status: Int
        package let body: String
        package let headers: [String: String]

        package init(_ status: Int, _ body: String, headers: [String: String] = [:]) {
            self.status = status
            self.body = body
            self.headers = headers
        }
    }

    package typealias Answer = @Sendable (Request) -> Response

    package let port: Int
    private let listener: any Channel
    private let log: RequestLog

    /// - Parameter certificate: nil for HTTP in clear.
    package init(certificate: TestAuthority.Certificate? = .right, _ answer: @escaping Answer) async throws {
        let log = RequestLog()
        let tls = try certificate.map { try Self.context($0) }
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(
                        AnswerHandler { request in
                            log.add(request)
                            return answer(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        self.log = log
    }

    deinit { listener.close(promise: nil) }

    package var requests: [Request] { log.all }

    private static func context(_ name: TestAuthority.Certificate) throws -> NIOSSLContext {
        let authority = try TestAuthority.shared.get()
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(authority.certificate(name)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: authority.key(name), format: .pem)))
        return try NIOSSLContext(configuration: tls)
    }
}

private final class RequestLog: Sendable {
    private let requests = Mutex<[ScriptedAPI.Request]>([])
    var all: [ScriptedAPI.Request] { requests.withLock { $0 } }
    func add(_ request: ScriptedAPI.Request) { requests.withLock { $0.append(request) } }
}

/// Gives whole requests to a closure.
final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: ScriptedAPI.Answer
    private var head: HTTPRequestHead?
    private var body = ""

    init(answer: @escaping ScriptedAPI.Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, "")
        case .body(let bytes): body += String(buffer: bytes)
        case .end:
            guard let head else { return }
            let token = head.headers.first(name: "Authorization")?.split(separator: " ").last.map(String.init) ?? ""
            let request = ScriptedAPI.Request(
                method: head.method.rawValue, path: head.uri, token: token, body: body)
            write(answer(request), context)
        }
    }

    private func write(_ response: ScriptedAPI.Response, _ context: ChannelHandlerContext) {
        let body = context.channel.allocator.buffer(string: response.body)
        var headers = HTTPHeaders([("Content-Type", "application/json"), ("Content-Length", "\(body.readableBytes)")])
        for (name, value) in response.headers { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
