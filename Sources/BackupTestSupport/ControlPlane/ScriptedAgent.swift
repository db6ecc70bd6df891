package import BackupWire
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket
internal import Synchronization

/// An agent for tests of a server: speaks `backup.v1` as it is told, and remembers everything that it hears. It answers pings, and
/// does nothing else by itself.
package final class ScriptedAgent: Sendable {
    /// The server did not upgrade the connection.
    package struct Refused: Error, Equatable {
        package let status: Int
        package init(status: Int) { self.status = status }
    }

    private struct State {
        var received: [ServerEnvelope] = []
        var sequence: UInt64 = 0
        var closeCode: Int?
    }

    private let channel: any Channel
    private let state = Mutex(State())

    /// Connects, and sends nothing yet.
    /// - Throws: ``Refused``.
    package init(
        port: Int, key: String, isSecure: Bool = true, headers: [String: String] = [:]
    ) async throws {
        let tap = StatusTap()
        let reference = AgentReference()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard isSecure else { return }
                    var tls = TLSConfiguration.makeClientConfiguration()
                    tls.trustRoots = .file(try TestAuthority.shared.get().file)
                    let context = try NIOSSLContext(configuration: tls)
                    try channel.pipeline.syncOperations.addHandler(
                        try NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        reference.agent = self
        var fields: HTTPHeaders = ["Host": "localhost:\(port)", "Authorization": "Bearer \(key)"]
        for (name, value) in headers { fields.replaceOrAdd(name: name, value: value) }
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/v1/agents/connect", headers: fields)
        let channel = channel
        let isUpgraded = try await channel.eventLoop.flatSubmit { () -> EventLoopFuture<Bool> in
            do {
                return try Self.upgrade(channel, request, tap, reference)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
        guard isUpgraded else {
            try? await channel.close().get()
            throw Refused(status: tap.status)
        }
    }

    deinit { channel.close(promise: nil) }

    package var received: [ServerEnvelope] { state.withLock { $0.received } }
    package var messages: [ServerMessage] { received.compactMap(\.message) }
    /// What the server gave as its reason to close; nil while it has not.
    package var closeCode: Int? { state.withLock { $0.closeCode } }
    package var isOpen: Bool { channel.isActive }

    package var registerAck: RegisterAck? {
        messages.lazy.compactMap { if case .registerAck(let ack) = $0 { ack } else { nil } }.first
    }

    /// Registers, and waits for the answer.
    package func register(_ capabilities: Set<Capability> = []) async throws {
        var registration = Registration()
        registration.agentVersion = "1.0"
        registration.hostname = "box"
        registration.architecture = "amd64"
        registration.capabilities = capabilities
        send(.register(registration), correlationID: "register")
        try await eventually("the registration is answered") { self.registerAck != nil }
    }

    package func send(_ message: AgentMessage, correlationID: String = "", sequence: UInt64? = nil) {
        state.withLock { state in
            state.sequence += 1
            do {
                let bytes = try WireCodec.encode(
                    message, seq: sequence ?? state.sequence, timeMilliseconds: 1, correlationID: correlationID)
                write(.binary, bytes)
            } catch {
                channel.pipeline.fireErrorCaught(error)
            }
        }
    }

    package func send(frame bytes: [UInt8]) { write(.binary, bytes) }
    package func send(text: String) { write(.text, Array(text.utf8)) }
    package func hangUp() { channel.close(promise: nil) }
    package func stopReading() { channel.setOption(.autoRead, value: false).whenComplete { _ in } }

    private func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
        let data = channel.allocator.buffer(bytes: bytes)
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data), promise: nil)
    }

    fileprivate func took(_ bytes: [UInt8]) {
        guard let envelope = try? WireCodec.decodeFromServer(bytes) else { return }
        state.withLock { $0.received.append(envelope) }
        if case .ping = envelope.message {
            send(.ack(Acknowledgement(correlationID: envelope.correlationID)), correlationID: envelope.correlationID)
        }
    }

    fileprivate func tookClose(_ code: Int) { state.withLock { $0.closeCode = code } }

    private static func upgrade(
        _ channel: any Channel, _ request: HTTPRequestHead, _ tap: StatusTap, _ reference: AgentReference
    ) throws -> EventLoopFuture<Bool> {
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(maxFrameSize: 8 << 20) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(ScriptedAgentHandler(reference))
                return true
            }
        }
        let handler = StatusTapHandler(tap)
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder, handler],
            upgradeConfiguration: .init(upgradeRequestHead: request, upgraders: [upgrader]) { channel in
                channel.eventLoop.makeSucceededFuture(false)
            })
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, handler, upgrade])
        return upgrade.upgradeResultFuture
    }
}

private final class StatusTap: Sendable {
    private let value = Mutex(0)
    var status: Int {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

private final class StatusTapHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let tap: StatusTap
    init(_ tap: StatusTap) { self.tap = tap }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { tap.status = Int(head.status.code) }
        context.fireChannelRead(data)
    }
}

/// The channel must not keep its agent.
private final class AgentReference: Sendable {
    private struct Weak { weak var agent: ScriptedAgent? }
    private let weak = Mutex(Weak())

    var agent: ScriptedAgent? {
        get { weak.withLock { $0.agent } }
        set { weak.withLock { $0.agent = newValue } }
    }
}

private final class ScriptedAgentHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let reference: AgentReference
    init(_ reference: AgentReference) { self.reference = reference }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        var bytes = frame.unmaskedData
        switch frame.opcode {
        case .binary: reference.agent?.took(Array(buffer: bytes))
        case .connectionClose:
            reference.agent?.tookClose(Int(bytes.readInteger(as: UInt16.self) ?? 1005))
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
