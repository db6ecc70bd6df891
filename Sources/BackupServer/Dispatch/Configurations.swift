internal import BackupControl
internal import BackupWire
internal import Logging

/// Sends agents their configuration when it has changed, over the connection that this replica has to them.
struct Configurations: Sendable {
    let agents: any AgentStore
    let keys: MasterKeys
    let live: LiveAgents
    let logger: Logger

    /// Whatever told of the change, the agent gets each version once.
    func send(to agent: AgentRecord.ID) async {
        guard let connection = live.connection(of: agent) else { return }
        do {
            guard let plan = try await agents.agentPlan(agent),
                connection.tookConfiguration(plan.agent.configVersion)
            else { return }
            connection.send(.configUpdate(try plan.configuration(keys: keys)))
        } catch {
            logger.error("a configuration can't be sent", metadata: ["agent_id": "\(agent)", "error": "\(error)"])
        }
    }
}
