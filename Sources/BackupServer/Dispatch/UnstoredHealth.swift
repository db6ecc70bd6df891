internal import BackupControl
internal import BackupWire
internal import Logging

/// Takes what health checks have found, where nobody keeps it, so that agents don't send it again for ever.
struct UnstoredHealth: HealthSink {
    let logger: Logger

    func took(_ result: HealthResult, from agent: AgentRecord.ID) async throws {
        logger.debug("a health check was reported", metadata: ["agent_id": "\(agent)"])
    }
}
