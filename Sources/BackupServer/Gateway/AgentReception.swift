package import BackupCore
package import BackupWire

/// What is done about what agents say. One message of one agent at a time, in their order.
package protocol AgentReception: Sendable {
    /// Makes the connection its agent's session, and ``AgentConnection/begin(_:)``s it.
    func register(
        _ registration: Registration, _ connection: AgentConnection, settings: GatewaySettings
    ) async throws -> RegisterAck
    /// The registration is answered: what the agent may not know yet is sent now.
    func began(_ connection: AgentConnection) async throws
    /// - Throws: when it could not be stored. It is not acknowledged then, and the connection ends, so that it comes again.
    func take(_ message: AgentMessage, _ correlationID: String, _ connection: AgentConnection) async throws
    /// The agent no longer knows of a run.
    func forgotten(_ run: BackupID, by connection: AgentConnection) async
    /// The agent works by this version of its configuration now.
    func applied(_ version: UInt64, by connection: AgentConnection) async
    /// The gateway stops: nobody is connected to this replica any more.
    func stopped() async
}
