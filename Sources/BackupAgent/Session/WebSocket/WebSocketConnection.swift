internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// An open WebSocket, the client's side of it (RFC 6455). Sends whole binary messages, and gives what comes.
///
/// Memory: up to 4 messages wait to be taken; then the socket is no longer read, and TCP holds the other side back. What is sent
/// waits in the channel until the kernel takes it: callers wait for that (`send`), so there is one message for each of them.
final class WebSocketConnection: Sendable {
    enum Event: Sendable {
        case binary([UInt8])
        /// Its content is nobody's concern here.
        case text
        /// A ping, which is answered already, a pong, or an opcode that RFC 6455 doesn't have.
        case control
        case closed(code: Int, reason: String)
    }

    /// For one message, also one in fragments.
    static let largestMessage = 4 << 20

    private let frames: NIOAsyncChannel<WebSocketFrame, Never>
    private let hasSaidGoodbye = Mutex(false)
    private var channel: any Channel { frames.channel }

    /// Puts the handlers behind those of an upgraded connection.
    static func make(on channel: any Channel) throws -> WebSocketConnection {
        try channel.pipeline.syncOperations.addHandler(
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: largestMessage))
        return WebSocketConnection(
            frames: try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4))))
    }

    private init(frames: NIOAsyncChannel<WebSocketFrame, Never>) { self.frames = frames }

    /// Whether the socket takes more now, or has a backlog already.
    var isWritable: Bool { channel.isWritable }

    /// Hands a message to the socket; the messages go out in the order of the calls.
    /// - Returns: what succeeds once the kernel has taken all of it.
    func send(_ bytes: [UInt8]) -> EventLoopFuture<Void> {
        write(.binary, channel.allocator.buffer(bytes: bytes))
    }

    /// Reads until the end, and closes. The connection can't be used afterwards.
    /// - Parameter take: back-pressure: nothing more is read while it works.
    /// - Throws: ``SessionError``; errors of `take` unchanged.
    func read(_ take: (Event) async throws -> Void) async throws {
        try await frames.executeThenClose { inbound in
            do {
                for try await frame in inbound {
                    let event = try await self.event(frame)
                    try await take(event)
                    if case .closed = event { return }
                }
            } catch {
                throw await refuse(error)
            }
        }
    }

    /// Says why, and ends the connection within 2 s, whether the other side answers or not.
    func close(code: UInt16) async {
        let channel = channel
        _ = channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        _ = sayGoodbye(code)
        // It never fails.
        try? await channel.closeFuture.get()
    }

    /// Ends the connection at once. Whoever waits for ``send(_:)`` gets an error.
    func abandon() { channel.close(promise: nil) }

    private func event(_ frame: WebSocketFrame) async throws -> Event {
        var data = frame.unmaskedData
        switch frame.opcode {
        case .binary: return .binary(Array(buffer: data))
        case .text: return .text
        case .ping:
            // Waits for the kernel: whoever sends pings and reads no pongs must not fill our memory.
            try await write(.pong, data).get()
            return .control
        case .connectionClose:
            // RFC 6455, 5.5.1: the code may be missing; it is sent back.
            let code = data.readInteger(as: UInt16.self)
            let reason = String(
                buffer: data.getSlice(at: data.readerIndex, length: min(data.readableBytes, 123)) ?? .init())
            _ = sayGoodbye(code)
            return .closed(code: Int(code ?? 1005), reason: Self.printable(reason))
        default: return .control
        }
    }

    /// Tells the other side what it did wrong.
    private func refuse(_ error: any Error) async -> any Error {
        let (code, refusal): (UInt16, SessionError)
        switch error {
        case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            (code, refusal) = (1009, .frameTooLarge(limit: Self.largestMessage))
        case let error as NIOWebSocketError: (code, refusal) = (1002, .brokenFraming("\(error)"))
        case let error as NIOWebSocketFrameAggregator.Error: (code, refusal) = (1002, .brokenFraming("\(error)"))
        default: return error
        }
        // Nothing that comes after such an error can be read, so there is no answer to wait for.
        try? await sayGoodbye(code).get()
        return refusal
    }

    /// Masked, as RFC 6455 demands of clients (5.3).
    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> EventLoopFuture<Void> {
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data))
    }

    /// One close frame, whoever was first.
    private func sayGoodbye(_ code: UInt16?) -> EventLoopFuture<Void> {
        let isFirst = hasSaidGoodbye.withLock { hasSaid in
            defer { hasSaid = true }
            return !hasSaid
        }
        guard isFirst else { return channel.eventLoop.makeSucceededVoidFuture() }
        var data = channel.allocator.buffer(capacity: 2)
        if let code { data.writeInteger(code) }
        return write(.connectionClose, data)
    }

    /// A peer's text, fit for a log.
    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}
