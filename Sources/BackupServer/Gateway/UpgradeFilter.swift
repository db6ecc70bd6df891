internal import NIOCore
internal import NIOHTTP1

/// Takes the wish for an upgrade out of a request that is for the router: NIO's upgrader does not hand on the head of a request whose
/// upgrade it has looked at and declined, and programs ask for HTTP/2 that way without need.
final class UpgradeFilter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if head.uri.prefix(while: { $0 != "?" }) != GatewayChannel.path { head.headers.remove(name: "upgrade") }
        // What comes after an upgrade is no HTTP, and after the first request there is none.
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
