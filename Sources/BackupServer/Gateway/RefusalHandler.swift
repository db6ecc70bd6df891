internal import NIOCore
internal import NIOHTTP1

/// Answers a request for an upgrade with a status as soon as it is there, and closes.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let refusal: Entrance.Refusal

    init(_ refusal: Entrance.Refusal) { self.refusal = refusal }

    func handlerAdded(context: ChannelHandlerContext) {
        var headers: HTTPHeaders = ["content-length": "0", "connection": "close"]
        let status: HTTPResponseStatus
        switch refusal {
        case .unauthorized:
            status = .unauthorized
            headers.add(name: "www-authenticate", value: "Bearer")
        case .tooMany:
            status = .tooManyRequests
            headers.add(name: "retry-after", value: "60")
        case .unavailable:
            status = .serviceUnavailable
            headers.add(name: "retry-after", value: "10")
        }
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.value.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            context.value.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
