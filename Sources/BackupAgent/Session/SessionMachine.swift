package import BackupWire

/// What one connection to the control plane has to do next. Pure logic: times go in, actions come out.
///
/// Times are since any fixed moment, by a clock that never jumps. After a ``Action/close(code:_:)`` nothing follows.
package struct SessionMachine: Sendable {
    package enum Action: Sendable, Equatable {
        case sendRegistration
        case sendHeartbeat
        case answerPing(correlationID: String)
        /// The handshake is complete, with what both sides can do.
        case begin(RegisterAck, Set<Capability>)
        case acknowledged(Acknowledgement)
        case deliver(ServerMessage, correlationID: String)
        /// Something was ignored; for the log.
        case warn(String)
        /// Send this close code, and end the connection.
        case close(code: UInt16, SessionError)
    }

    private enum State: Sendable {
        case handshaking(until: Duration)
        case connected(nextHeartbeat: Duration, interval: Duration)
        case closed
    }

    private let limits: SessionLimits
    private let offered: Set<Capability>
    private var state: State
    private var lastFrame: Duration
    private var seen = SeenSequences()
    private var lastSequence: UInt64 = 0

    /// A connection that is open now; ``start()`` comes next.
    package init(offering capabilities: Set<Capability>, limits: SessionLimits = SessionLimits(), at now: Duration) {
        self.limits = limits
        offered = capabilities
        state = .handshaking(until: now + limits.handshake)
        lastFrame = now
    }

    package func start() -> [Action] { [.sendRegistration] }

    /// The number of the next envelope that is sent, from 1.
    package mutating func nextSequence() -> UInt64 {
        lastSequence += 1
        return lastSequence
    }

    /// When ``tick(at:)`` is due; nil once closed.
    package var deadline: Duration? {
        switch state {
        case .handshaking(let end): min(end, lastFrame + limits.silence)
        case .connected(let nextHeartbeat, _): min(nextHeartbeat, lastFrame + limits.silence)
        case .closed: nil
        }
    }

    /// Lets time pass.
    package mutating func tick(at now: Duration) -> [Action] {
        switch state {
        case .closed: return []
        case .handshaking(let end) where now >= end: return close(.noHandshake(within: limits.handshake))
        case .handshaking, .connected: break
        }
        if now >= lastFrame + limits.silence { return close(.silent(limits.silence)) }
        guard case .connected(let nextHeartbeat, let interval) = state, now >= nextHeartbeat else { return [] }
        // From now on, not from when it was due: a process that was stopped for an hour owes one heartbeat, not 120.
        state = .connected(nextHeartbeat: now + interval, interval: interval)
        return [.sendHeartbeat]
    }

    /// Any frame shows that the other side lives, also one that means nothing.
    package mutating func sawFrame(at now: Duration) { lastFrame = now }

    package mutating func received(_ envelope: ServerEnvelope, at now: Duration) -> [Action] {
        if case .closed = state { return [] }
        let notes = envelope.notes.map { Action.warn($0) }
        guard seen.insert(envelope.seq) else {
            return [.warn("a frame with sequence number \(envelope.seq) was dropped: it was seen before")]
        }
        guard let message = envelope.message else { return notes }
        return notes + received(message, envelope.correlationID, at: now)
    }

    private mutating func received(_ message: ServerMessage, _ correlationID: String, at now: Duration) -> [Action] {
        switch (state, message) {
        case (.closed, _): return []
        case (.handshaking, .registerAck(let ack)): return begin(ack, at: now)
        case (.handshaking, _): return close(.outOfTurn(Self.name(message)))
        case (.connected, .registerAck): return [.warn("a second answer to the registration was ignored")]
        case (.connected, .ping): return [.answerPing(correlationID: correlationID)]
        case (.connected, .ack(var acknowledgement)):
            if acknowledgement.correlationID.isEmpty { acknowledgement.correlationID = correlationID }
            return [.acknowledged(acknowledgement)]
        case (.connected, _): return [.deliver(message, correlationID: correlationID)]
        }
    }

    /// The other side has closed.
    package mutating func closed(code: Int, reason: String) -> SessionError {
        state = .closed
        return code == 4001 ? .replaced : .closed(code: code, reason: reason)
    }

    private mutating func begin(_ ack: RegisterAck, at now: Duration) -> [Action] {
        let asked = Duration.seconds(Int64(ack.heartbeatIntervalSeconds))
        let range = limits.heartbeatRange
        let interval =
            asked == .zero ? limits.heartbeat : min(max(asked, range.lowerBound), range.upperBound)
        state = .connected(nextHeartbeat: now + interval, interval: interval)
        return [.begin(ack, offered.intersection(ack.capabilities)), .sendHeartbeat]
    }

    private mutating func close(_ error: SessionError) -> [Action] {
        state = .closed
        // 1002 is a protocol error, 1001 "going away".
        return [.close(code: error == .silent(limits.silence) ? 1001 : 1002, error)]
    }

    private static func name(_ message: ServerMessage) -> String {
        if case .ping = message { "a ping" } else { "another message" }
    }
}
