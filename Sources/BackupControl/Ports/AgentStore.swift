package import FoundationEssentials

/// Agents, and who has their sessions.
package protocol AgentStore: Sendable {
    /// - Throws: ``ControlError/conflict(_:)`` where the name is taken.
    func addAgent(_ agent: AgentRecord, keyHash: [UInt8]) async throws
    func agent(_ id: AgentRecord.ID) async throws -> AgentRecord?
    func agents(_ page: PageRequest) async throws -> Page<AgentRecord>
    /// By SHA-256 of its key: the lookup is by the hash, so its time tells nothing of a key.
    func agent(keyHash: [UInt8]) async throws -> AgentRecord?
    /// Name and settings; the configuration's version rises.
    func updateAgent(_ agent: AgentRecord) async throws
    func setAgentKey(_ id: AgentRecord.ID, keyHash: [UInt8]) async throws
    func deleteAgent(_ id: AgentRecord.ID) async throws
    /// What the agent shall do, all of it, as of one moment. Passwords are still sealed.
    func agentPlan(_ id: AgentRecord.ID) async throws -> AgentPlan?

    /// A new session: takes the place of any other, on any replica.
    /// - Returns: the agent, with the session's number.
    func beginSession(
        _ id: AgentRecord.ID, replica: String, registration: AgentRecord.Registration, at time: Date
    ) async throws -> AgentRecord?
    /// Nothing happens when a newer session is there.
    func endSession(_ id: AgentRecord.ID, number: Int64) async throws
    /// The sessions of a replica that is gone.
    func endSessions(ofReplica replica: String) async throws
    /// Many at once, every half minute: who was seen, with which configuration and metrics.
    func recordSightings(_ sightings: [AgentSighting]) async throws
    func setDiscovered(_ id: AgentRecord.ID, _ containers: [FoundContainer]) async throws
    /// JSON, a list of ``FoundContainer``; nil before the first report.
    func discovered(_ id: AgentRecord.ID) async throws -> String?
    func metrics(_ id: AgentRecord.ID) async throws -> String?
}

package struct AgentSighting: Sendable {
    package let agentID: AgentRecord.ID
    package let at: Date
    package let appliedVersion: UInt64
    /// JSON.
    package let metrics: String

    package init(agentID: AgentRecord.ID, at: Date, appliedVersion: UInt64, metrics: String) {
        self.agentID = agentID
        self.at = at
        self.appliedVersion = appliedVersion
        self.metrics = metrics
    }
}

/// All that an agent's configuration is made from.
package struct AgentPlan: Sendable {
    package let agent: AgentRecord
    package let targets: [TargetRecord]
    package let jobs: [JobRecord]
    package let healthChecks: [HealthCheckRecord]

    package init(
        agent: AgentRecord, targets: [TargetRecord], jobs: [JobRecord], healthChecks: [HealthCheckRecord]
    ) {
        self.agent = agent
        self.targets = targets
        self.jobs = jobs
        self.healthChecks = healthChecks
    }
}
