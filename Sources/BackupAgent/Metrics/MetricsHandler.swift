internal import NIOCore
internal import NIOHTTP1

/// Answers one request and closes the connection.
final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let metrics: AgentMetrics
    private let health: @Sendable () -> (isHealthy: Bool, body: String)
    private var hasAnswered = false

    init(metrics: AgentMetrics, health: @escaping @Sendable () -> (isHealthy: Bool, body: String)) {
        self.metrics = metrics
        self.health = health
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !hasAnswered else { return }
        hasAnswered = true
        let path = head.uri.prefix { $0 != "?" }
        let text = "text/plain; version=0.0.4; charset=utf-8"
        switch (path, head.method) {
        case ("/metrics", .GET), ("/metrics", .HEAD):
            answer(context, .ok, text, metrics.exposition, to: head)
        case ("/healthz", .GET), ("/healthz", .HEAD):
            let (isHealthy, body) = health()
            answer(context, isHealthy ? .ok : .serviceUnavailable, "application/json", body + "\n", to: head)
        case ("/metrics", _), ("/healthz", _):
            answer(context, .methodNotAllowed, text, "only GET\n", to: head)
        default:
            answer(context, .notFound, text, "there are /metrics and /healthz\n", to: head)
        }
    }

    private func answer(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ type: String, _ body: String,
        to request: HTTPRequestHead
    ) {
        var headers: HTTPHeaders = [
            "Content-Type": type, "Content-Length": "\(body.utf8.count)", "Connection": "close",
        ]
        if status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
