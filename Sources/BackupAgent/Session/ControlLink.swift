package import BackupWire

/// The agent's end of the line to its control plane. It outlives connections: nobody who uses it need care for the network.
package protocol ControlLink: Sendable {
    /// What both sides can do, since the last completed handshake.
    var capabilities: Set<Capability> { get async }
    var status: SessionStatus { get async }

    /// Sends if it can: dropped where there is no connection, or one with a backlog. For progress and acknowledgements.
    func post(_ message: AgentMessage, correlationID: String) async

    /// Makes a message durable, and sends it until it has arrived, in the order of the calls.
    ///
    /// With the capability `ack` that is when the control plane has acknowledged it, without when the kernel has taken it.
    /// - Parameter id: the same message has the same id, also after a restart of the agent.
    /// - Throws: what the outbox throws, such as a full disk; `WireError` for a message that is too large for a frame.
    func deliver(_ message: AgentMessage, id: String) async throws

    /// To be called when messages came into the outbox by another way, as part of a larger change of the agent's state.
    func deliverPending() async

    /// Asks, and waits for the answer, over as many connections as that takes.
    /// - Throws: ``SessionError/noAnswer(within:)``, ``SessionError/tooManyRequests(limit:)``, `WireError`, `CancellationError`.
    func request(_ message: AgentMessage, within limit: Duration) async throws -> ServerMessage
}

extension ControlLink {
    package func post(_ message: AgentMessage) async { await post(message, correlationID: "") }
}
