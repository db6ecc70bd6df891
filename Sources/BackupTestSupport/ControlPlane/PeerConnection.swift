package import BackupWire
internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOWebSocket
internal import Synchronization

/// One agent's connection to a ``ScriptedPeer``. Whatever is sent goes out in the order of the calls.
package final class PeerConnection: Sendable {
    /// From 0, in the order in which they came.
    package let number: Int
    /// Of the request, such as `/v1/agents/connect`.
    package let path: String

    private struct State {
        var received: [AgentEnvelope] = []
        var sequence: UInt64 = 0
        var closeCode: Int?
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(number: Int, path: String, channel: any Channel) {
        self.number = number
        self.path = path
        self.channel = channel
    }

    package var received: [AgentEnvelope] { state.withLock { $0.received } }
    /// What the agent gave as its reason to close; nil while it has not.
    package var closeCode: Int? { state.withLock { $0.closeCode } }
    package var isOpen: Bool { channel.isActive }

    package func send(_ message: ServerMessage, correlationID: String = "") {
        // Numbered where it is written: numbers that overtake each other by far would be taken for copies.
        channel.eventLoop.execute {
            do {
                let sequence = self.state.withLock { state in
                    state.sequence += 1
                    return state.sequence
                }
                let bytes = try WireCodec.encode(
                    message, seq: sequence, timeMilliseconds: 1, correlationID: correlationID)
                self.write(.binary, bytes)
            } catch {
                self.channel.pipeline.fireErrorCaught(error)
            }
        }
    }

    /// One binary frame of anything.
    package func send(frame bytes: [UInt8]) { write(.binary, bytes) }

    package func send(text: String) { write(.text, Array(text.utf8)) }

    package func ping() { write(.ping, [1, 2, 3]) }

    /// Bytes that are no frame, or a broken one.
    package func send(raw bytes: [UInt8]) {
        let channel = channel
        channel.eventLoop.execute {
            let encoder = try? channel.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
            encoder?.writeAndFlush(NIOAny(channel.allocator.buffer(bytes: bytes)), promise: nil)
        }
    }

    /// With a close frame, as a server does it: 4001 means that another connection replaces this one.
    package func close(code: UInt16, reason: String = "") {
        write(.connectionClose, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// Without a word.
    package func hangUp() { channel.close(promise: nil) }

    /// RST: as when a host has restarted, or a firewall has forgotten the connection.
    package func reset() {
        let channel = channel
        channel.eventLoop.execute {
            let abort = linger(l_onoff: 1, l_linger: 0)
            (channel as? any SocketOptionProvider)?.setSoLinger(abort).whenComplete { _ in
                // From here on down, so that TLS says no goodbye.
                let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
                if let tls { tls.close(promise: nil) } else { channel.close(promise: nil) }
            }
        }
    }

    /// Reads nothing more, so that what the agent sends piles up.
    package func stopReading() { channel.setOption(.autoRead, value: false).whenComplete { _ in } }

    func took(_ envelope: AgentEnvelope) { state.withLock { $0.received.append(envelope) } }
    func tookClose(_ code: Int) { state.withLock { $0.closeCode = code } }

    private func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: channel.allocator.buffer(bytes: bytes))
        channel.writeAndFlush(frame, promise: nil)
    }
}
