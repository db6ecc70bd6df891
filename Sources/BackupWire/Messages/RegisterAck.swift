package import BackupCore

/// The answer to a registration. Sent first on every connection.
package struct RegisterAck: Sendable, Equatable {
    package var sessionID = ""
    /// nil where the server sent none.
    package var configuration: AgentConfiguration?
    /// 0 for the default.
    package var heartbeatIntervalSeconds: UInt32 = 0
    /// ISO 8601
    package var serverTime = ""
    package var capabilities: Set<Capability> = []

    package init() {}
}
