internal import NIOCore
internal import NIOHTTP1

/// Lets through an answer to an upgrade only with status 101; else the connection fails with what the status says.
final class ResponseGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private let server: String

    init(server: String) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), head.status != .switchingProtocols else {
            context.fireChannelRead(data)
            return
        }
        let status = Int(head.status.code)
        context.fireErrorCaught(
            status == 401 ? SessionError.unauthorized(server) : SessionError.upgradeRefused(server, status: status))
        context.close(promise: nil)
    }
}
