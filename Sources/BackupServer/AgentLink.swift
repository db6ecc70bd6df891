package import BackupControl
package import BackupCore
package import FoundationEssentials

/// The way to live agents, whichever replica has their sessions.
package protocol AgentLink: Sendable {
    /// The agent's plan has changed: it gets a new configuration. One that is not connected gets it when it comes.
    func wake(_ agent: AgentRecord.ID) async throws
    /// - Throws: ``ControlError/precondition(_:)`` while the agent is not connected; ``ControlError/busy(_:)`` where it does not answer.
    func testConnection(_ agent: AgentRecord.ID, target: TargetRecord) async throws -> ConnectionTest
    /// A run was asked to be cancelled, as its row says; a live agent is told.
    func cancel(_ run: RunRecord) async throws
    /// The agent is gone, or has another key: its session ends.
    func disconnect(_ agent: AgentRecord.ID) async throws
    /// There are pending runs or restores.
    func wakeDispatch() async throws
}

/// What an agent found when it tried a target.
package struct ConnectionTest: Sendable, Equatable {
    package var isReachable: Bool
    package var latency: Duration
    package var engineVersion: String
    package var failure: RunRecord.Failure?

    package init(
        isReachable: Bool, latency: Duration = .zero, engineVersion: String = "", failure: RunRecord.Failure? = nil
    ) {
        self.isReachable = isReachable
        self.latency = latency
        self.engineVersion = engineVersion
        self.failure = failure
    }
}
