internal import BackupWire
internal import NIOCore
internal import NIOWebSocket

/// An agent's end of one WebSocket.
final class AgentHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let agent: LoadAgent

    init(_ agent: LoadAgent) { self.agent = agent }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .binary:
            do {
                agent.received(try WireCodec.decodeFromServer(Array(buffer: frame.unmaskedData)))
            } catch {
                agent.fleet.tally.failed("\(error)")
                context.close(promise: nil)
            }
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) { agent.lost(context.channel) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        agent.fleet.tally.failed("\(error)")
        context.close(promise: nil)
    }
}
