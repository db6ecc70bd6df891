package import BackupControl
package import BackupCore
package import BackupWire

/// How the rest of the server reaches agents. What can't be told now is told when the agent comes next, and what was written reaches
/// the agents of other replicas through ``ReplicaListener``.
package protocol AgentLink: Sendable {
    /// The agent's settings, targets, jobs or checks have changed.
    func configurationChanged(_ agent: AgentRecord.ID) async
    /// A run or a restore was made.
    func workChanged()
    /// The run's cancellation was asked for, and written down.
    func cancel(_ run: RunRecord) async throws
    func cancel(_ restore: RestoreRecord) async throws
    /// Has an agent try a target, whichever replica it is connected to.
    /// - Throws: ``DispatchError/notConnected(agent:)``, ``DispatchError/agentTooOld(needs:)``, ``DispatchError/noAnswer(within:)``.
    func test(_ target: Target, by agent: AgentRecord.ID) async throws -> ConnectionTest
    /// Has an agent look at a check now, whichever replica it is connected to. One that is not connected looks when it comes.
    func runCheck(_ check: HealthCheckRecord) async
    /// Its key is no longer good.
    func disconnect(_ agent: AgentRecord.ID) async
}
