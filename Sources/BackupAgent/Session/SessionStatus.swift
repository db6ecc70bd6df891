/// How the connection to the control plane is, for metrics and for health checks.
package struct SessionStatus: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// TCP, TLS and the upgrade.
        case connecting
        /// The registration is not answered yet.
        case handshaking
        case connected
        /// It waits for the next attempt.
        case backingOff = "backing_off"
        /// The same, since the agent's key was refused.
        case unauthorized
        case stopped
    }

    package var state = State.stopped
    /// Handshakes after the first.
    package var reconnects = 0
    /// Why the last connection ended, or did not come about.
    package var lastError: SessionError?
}
