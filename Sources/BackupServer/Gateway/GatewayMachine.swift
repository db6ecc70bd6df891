package import BackupWire

/// What one agent's connection has to do next. Pure logic: times go in, actions come out.
///
/// Times are since any fixed moment, by a clock that never jumps. After a ``Action/close(code:reason:)`` nothing follows.
package struct GatewayMachine: Sendable {
    package enum Action: Sendable, Equatable {
        /// Make it the agent's session; then ``admitted(at:)``.
        case register(Registration, correlationID: String)
        case sighting(Heartbeat)
        case take(AgentMessage, correlationID: String)
        case ping
        /// Something was ignored; for the log.
        case warn(String)
        case close(code: UInt16, reason: String)
    }

    private enum State: Sendable {
        case waiting(until: Duration)
        case registering(until: Duration)
        case connected
        case closed
    }

    private let settings: GatewaySettings
    private var state: State
    private var lastFrame: Duration
    private var lastSent: Duration
    private var seen = SeenSequences()
    private var lastSequence: UInt64 = 0

    /// A connection whose key was good.
    package init(settings: GatewaySettings, at now: Duration) {
        self.settings = settings
        state = .waiting(until: now + settings.registration)
        lastFrame = now
        lastSent = now
    }

    package var isConnected: Bool { if case .connected = state { true } else { false } }

    /// The number of the next envelope that is sent, from 1.
    package mutating func nextSequence(at now: Duration) -> UInt64 {
        lastSent = now
        lastSequence += 1
        return lastSequence
    }

    /// Any frame shows that the other side lives, also one that means nothing.
    package mutating func sawFrame(at now: Duration) { lastFrame = now }

    package mutating func received(_ envelope: AgentEnvelope) -> [Action] {
        if case .closed = state { return [] }
        guard seen.insert(envelope.seq) else {
            return [.warn("a frame with sequence number \(envelope.seq) was dropped: it was seen before")]
        }
        let notes = envelope.notes.map { Action.warn($0) }
        guard let message = envelope.message else { return notes }
        return notes + received(message, envelope.correlationID)
    }

    private mutating func received(_ message: AgentMessage, _ correlationID: String) -> [Action] {
        switch (state, message) {
        case (.closed, _): return []
        case (.waiting(let end), .register(let registration)):
            state = .registering(until: end)
            return [.register(registration, correlationID: correlationID)]
        case (.waiting, _), (.registering, _): return close(1002, "a registration comes first, and then its answer")
        case (.connected, .register): return [.warn("a second registration was ignored")]
        case (.connected, .heartbeat(let heartbeat)): return [.sighting(heartbeat)]
        case (.connected, .ack(var acknowledgement)):
            if acknowledgement.correlationID.isEmpty { acknowledgement.correlationID = correlationID }
            return [.take(.ack(acknowledgement), correlationID: correlationID)]
        case (.connected, _): return [.take(message, correlationID: correlationID)]
        }
    }

    /// The session is the agent's. The answer to the registration is sent right after this.
    /// - Returns: false where the connection has ended meanwhile.
    package mutating func admitted(at now: Duration) -> Bool {
        guard case .registering = state else { return false }
        state = .connected
        return true
    }

    package mutating func tick(at now: Duration) -> [Action] {
        switch state {
        case .closed: return []
        case .waiting(let end) where now >= end, .registering(let end) where now >= end:
            return close(1002, "no registration in time")
        case .waiting, .registering, .connected: break
        }
        if now >= lastFrame + settings.silence { return close(1001, "nothing was heard for too long") }
        guard case .connected = state, now >= lastSent + settings.pingAfter else { return [] }
        return [.ping]
    }

    /// The other side has closed, or this one does.
    package mutating func closed() { state = .closed }

    private mutating func close(_ code: UInt16, _ reason: String) -> [Action] {
        state = .closed
        return [.close(code: code, reason: reason)]
    }
}
