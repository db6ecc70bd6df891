internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOWebSocket

/// The server's end of one agent's WebSocket: frames become messages, and messages frames. It is its event loop's alone.
final class AgentHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// How many oddities of one connection are logged.
    private static let largestWarnings = 10

    let connection: AgentConnection
    private let gateway: Gateway
    private var machine: GatewayMachine
    private var context: ChannelHandlerContext?
    private var outgoing = 0
    private var warnings = 0
    private var hasSaidGoodbye = false

    init(connection: AgentConnection, gateway: Gateway) {
        self.connection = connection
        self.gateway = gateway
        machine = GatewayMachine(settings: gateway.settings, at: gateway.now)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        gateway.clocks.add(self, on: context.eventLoop)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }
    func channelInactive(context: ChannelHandlerContext) { end() }

    private func end() {
        guard let context else { return }
        self.context = nil
        machine.closed()
        gateway.clocks.remove(self, on: context.eventLoop)
        gateway.ended(connection)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            close(1009, "a frame may have \(WireCodec.largestFrame) bytes")
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error: close(1002, "the framing is broken")
        default: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let order as AgentConnection.Order: perform(order)
        case is ChannelShouldQuiesceEvent: close(1001, "the server stops")
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        machine.sawFrame(at: gateway.now)
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .binary: took(Array(buffer: frame.unmaskedData))
        case .text: warn("a text frame was ignored: messages are binary")
        case .ping: write(.pong, frame.unmaskedData)
        case .connectionClose:
            machine.closed()
            close(1000, "")
        default: break
        }
    }

    /// Called by the clock of the event loop.
    func tick() {
        perform(machine.tick(at: gateway.now))
        if connection.stranded { gateway.work(on: connection) }
    }

    // MARK: Messages

    private func took(_ bytes: [UInt8]) {
        guard FrameCensus.fields(in: bytes) <= FrameCensus.largestCount else {
            return close(1009, "a frame holds too many things")
        }
        do {
            perform(machine.received(try WireCodec.decodeFromAgent(bytes)))
        } catch {
            warn(error.message)
        }
    }

    private func perform(_ actions: [GatewayMachine.Action]) {
        for action in actions {
            switch action {
            case .register(let registration, let id): gateway.register(registration, id, of: connection)
            case .sighting(let heartbeat): gateway.saw(heartbeat, of: connection)
            case .take(let message, let id):
                if connection.enqueue(.init(message: message, correlationID: id)) { gateway.work(on: connection) }
            case .ping: send(.ping(timeMilliseconds: Self.milliseconds()), correlationID: "ping")
            case .warn(let text): warn(text)
            case .close(let code, let reason): close(code, reason)
            }
        }
    }

    private func perform(_ order: AgentConnection.Order) {
        switch order {
        case .admit(let ack, let id):
            guard machine.admitted(at: gateway.now) else { return }
            send(.registerAck(ack), correlationID: id)
            gateway.began(connection)
        case .send(let message, let id): if machine.isConnected { send(message, correlationID: id) }
        case .close(let code, let reason): close(code, reason)
        }
    }

    private func send(_ message: ServerMessage, correlationID: String) {
        do {
            let bytes = try WireCodec.encode(
                message, seq: machine.nextSequence(at: gateway.now), timeMilliseconds: Self.milliseconds(),
                correlationID: correlationID)
            write(.binary, ByteBuffer(bytes: bytes))
        } catch {
            gateway.logger.error(
                "a message to an agent can't be sent",
                metadata: ["agent_id": "\(connection.agentID)", "error": "\(error.message)"])
        }
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        guard let context, !hasSaidGoodbye else { return }
        let size = data.readableBytes
        outgoing += size
        guard outgoing <= gateway.settings.outgoingBytes else {
            // It would have to wait as well: so without a word.
            warn("the agent doesn't read what is sent")
            hasSaidGoodbye = true
            return context.close(promise: nil)
        }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in handler.value.outgoing -= size }
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: written)
    }

    private func close(_ code: UInt16, _ reason: String) {
        machine.closed()
        guard let context, !hasSaidGoodbye else { return }
        var data = ByteBuffer(integer: code)
        data.writeString(reason)
        write(.connectionClose, data)
        hasSaidGoodbye = true
        // Its answer is waited for, but not for long. A socket that is stuck, or never read again, must go as well.
        let channel = context.channel
        _ = context.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        if code == 1000 { context.close(promise: nil) }
    }

    private func warn(_ text: String) {
        warnings += 1
        guard warnings <= Self.largestWarnings else { return }
        gateway.logger.warning(
            "an agent's connection: \(text)",
            metadata: ["agent_id": "\(connection.agentID)", "address": "\(connection.address)"])
    }

    private static func milliseconds() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1000)) }
}
