internal import NIOCore
internal import NIOHTTP1

/// Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6), and says which status refused it.
final class ProxyTunnel: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let target: String
    private let proxy: ProxySettings.Proxy
    private let isOpen: EventLoopPromise<Void>

    init(to target: String, through proxy: ProxySettings.Proxy, isOpen: EventLoopPromise<Void>) {
        self.target = target
        self.proxy = proxy
        self.isOpen = isOpen
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var headers: HTTPHeaders = ["Host": target]
        if let authorization = proxy.authorization { headers.add(name: "Proxy-Authorization", value: authorization) }
        let head = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where !(200..<300).contains(head.status.code):
            fail(.proxyRefused(proxy.place, status: Int(head.status.code)), context)
        case .head, .body: break
        case .end: isOpen.succeed()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.proxyFailed(proxy.place, reason: "it hung up"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error as? SessionError ?? .proxyFailed(proxy.place, reason: "its answer is not HTTP"), context)
    }

    private func fail(_ error: SessionError, _ context: ChannelHandlerContext) {
        isOpen.fail(error)
        context.close(promise: nil)
    }
}
