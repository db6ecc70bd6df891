internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// An agent that only talks: registers, sends heartbeats, answers pings, comes back when it is cut off, and gives runs to whoever
/// makes them.
///
/// All of it happens on one event loop; the lock is for those who send from elsewhere.
final class LoadAgent: Sendable {
    private struct State {
        var channel: (any Channel)?
        var sequence: UInt64 = 0
        var backoff = Backoff()
        var began = NIODeadline.distantPast
        var isRegistered = false
        var configVersion: UInt64 = 0
    }

    let key: Secret
    let fleet: Fleet
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(key: Secret, fleet: Fleet, loop: any EventLoop) {
        self.key = key
        self.fleet = fleet
        self.loop = loop
    }

    /// - Returns: succeeds when this attempt has ended, well or not; the agent tries again by itself until the fleet stops.
    @discardableResult
    func connect() -> EventLoopFuture<Void> {
        guard !fleet.isStopping else { return loop.makeSucceededVoidFuture() }
        state.withLock { $0.began = .now() }
        let attempt = fleet.dialer.open(for: self, on: loop)
        attempt.whenFailure { error in
            self.fleet.tally.failed("\(error)")
            self.comeBack()
        }
        return attempt.flatMapErrorWithEventLoop { _, loop in loop.makeSucceededVoidFuture() }
    }

    /// - Parameter message: is lost where there is no connection, or it is too large.
    func send(_ message: AgentMessage, correlationID: String = "") {
        // On the loop, so that they go out in the order of their numbers.
        loop.execute { self.write(message, correlationID) }
    }

    private func write(_ message: AgentMessage, _ correlationID: String) {
        let next: (channel: any Channel, sequence: UInt64)? = state.withLock { state in
            guard let channel = state.channel else { return nil }
            state.sequence += 1
            return (channel, state.sequence)
        }
        guard let (channel, sequence) = next else { return }
        do {
            let bytes = try WireCodec.encode(
                message, seq: sequence, timeMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000),
                correlationID: correlationID)
            let frame = WebSocketFrame(
                fin: true, opcode: .binary, maskKey: .random(), data: channel.allocator.buffer(bytes: bytes))
            // Not under the lock: a write that fails closes the channel at once, and who hears of that takes the lock.
            channel.writeAndFlush(frame, promise: nil)
        } catch {
            fleet.tally.failed("\(error)")
        }
    }

    func hangUp() { state.withLock { $0.channel }?.close(promise: nil) }

    // MARK: From the handler

    func opened(_ channel: any Channel) {
        state.withLock { state in
            state.channel = channel
            state.sequence = 0
        }
        var registration = Registration()
        registration.agentVersion = "0.0.0-load"
        registration.hostname = "load"
        registration.architecture = "amd64"
        registration.capabilities = [.ack, .multipart, .validate, .formatV2, .recipients, .cancelRun]
        send(.register(registration))
        // The protocol's limit for the pair.
        channel.eventLoop.scheduleTask(in: .seconds(15)) {
            if !self.state.withLock({ $0.isRegistered }) { channel.close(promise: nil) }
        }
    }

    func received(_ envelope: ServerEnvelope) {
        switch envelope.message {
        case .registerAck(let ack): registered(ack)
        case .configUpdate(let configuration): state.withLock { $0.configVersion = configuration.version }
        case .ping:
            send(.ack(Acknowledgement(correlationID: envelope.correlationID)), correlationID: envelope.correlationID)
        case .runBackup(let order): fleet.work.ordered(order, envelope.correlationID, self)
        case .uploadResult(let result): fleet.work.stored(result, self)
        case .ack(let ack):
            fleet.work.acknowledged(ack.correlationID.isEmpty ? envelope.correlationID : ack.correlationID)
        default: break
        }
    }

    func lost(_ channel: any Channel) {
        let wasRegistered = state.withLock { state in
            defer {
                state.isRegistered = false
                state.channel = nil
            }
            return state.isRegistered
        }
        if wasRegistered {
            fleet.tally.lost()
        } else {
            fleet.tally.failed("the connection ended before the registration was answered")
        }
        comeBack()
    }

    private func registered(_ ack: RegisterAck) {
        let began = state.withLock { state in
            state.isRegistered = true
            state.backoff.reset()
            state.configVersion = ack.configuration?.version ?? 0
            return state.began
        }
        fleet.tally.registered(after: .now() - began)
        let interval = TimeAmount.seconds(ack.heartbeatIntervalSeconds == 0 ? 30 : Int64(ack.heartbeatIntervalSeconds))
        guard let channel = state.withLock({ $0.channel }) else { return }
        beat(every: interval, on: channel)
    }

    /// One at once, then one in each interval for as long as this connection lives.
    private func beat(every interval: TimeAmount, on channel: any Channel) {
        let version: UInt64? = state.withLock { $0.channel === channel ? $0.configVersion : nil }
        guard let version, !fleet.isStopping else { return }
        var heartbeat = Heartbeat()
        heartbeat.configVersion = version
        send(.heartbeat(heartbeat))
        fleet.tally.sentHeartbeat()
        loop.scheduleTask(in: interval) { self.beat(every: interval, on: channel) }
    }

    private func comeBack() {
        guard !fleet.isStopping else { return }
        let wait = state.withLock { $0.backoff.next() }
        loop.scheduleTask(in: TimeAmount(wait)) { self.connect() }
    }
}
