package import BackupWire

/// What the session says about its agent.
package protocol HeartbeatSource: Sendable {
    /// Asked for on each connection. Its capabilities are what the agent offers.
    func registration() async -> Registration
    func heartbeat() async -> Heartbeat
}
