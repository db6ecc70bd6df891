internal import BackupWire
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// The peer's end of one WebSocket.
final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let peer: ScriptedPeer
    private let connection: PeerConnection

    init(peer: ScriptedPeer, connection: PeerConnection) {
        self.peer = peer
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        var bytes = frame.unmaskedData
        switch frame.opcode {
        case .binary: took(Array(buffer: bytes))
        case .connectionClose:
            connection.tookClose(Int(bytes.readInteger(as: UInt16.self) ?? 1005))
            let answer = WebSocketFrame(
                fin: true, opcode: .connectionClose, data: context.channel.allocator.buffer(bytes: []))
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func took(_ bytes: [UInt8]) {
        do {
            let envelope = try WireCodec.decodeFromAgent(bytes)
            connection.took(envelope)
            if !peer.script.onMessage(envelope, connection) { answer(envelope) }
        } catch {
            peer.complain("a frame of \(bytes.count) bytes: \(error)")
        }
    }

    private func answer(_ envelope: AgentEnvelope) {
        let script = peer.script
        switch envelope.message {
        case .register:
            guard script.answersRegistration else { return }
            var ack = RegisterAck()
            ack.sessionID = "session-\(connection.number)"
            ack.configuration = script.configuration
            ack.heartbeatIntervalSeconds = script.heartbeatIntervalSeconds
            ack.capabilities = script.capabilities
            connection.send(.registerAck(ack), correlationID: envelope.correlationID)
        case .ack, nil: break
        default:
            guard script.acknowledges, script.capabilities.contains(.ack), !envelope.correlationID.isEmpty else {
                return
            }
            connection.send(.ack(Acknowledgement(correlationID: envelope.correlationID)))
        }
    }
}

/// Answers one request with a status.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let status: Int

    init(status: Int) { self.status = status }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: status),
            headers: ["Content-Length": "0", "Connection": "close"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
