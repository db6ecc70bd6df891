package import FoundationEssentials

/// Questions to agents that another replica has: written down, answered by the replica that has the agent, and taken away by who asked.
package protocol QuestionStore: Sendable {
    /// Tells all replicas. Those that nobody has taken away for some minutes go.
    func addQuestion(_ question: AgentQuestion) async throws
    func question(_ id: AgentQuestion.ID) async throws -> AgentQuestion?
    /// - Parameter answer: JSON.
    func answerQuestion(_ id: AgentQuestion.ID, _ answer: String) async throws
    func deleteQuestion(_ id: AgentQuestion.ID) async throws
    /// Tells all replicas that an agent shall look at a check now. Nothing is written down: it looks by itself soon.
    func wishLook(at check: HealthCheckRecord.ID, by agent: AgentRecord.ID) async throws
}

/// Whether an agent reaches a target.
package struct AgentQuestion: Sendable, Equatable {
    package typealias ID = Identifier<AgentQuestion>

    package let id: ID
    package let agentID: AgentRecord.ID
    package let targetID: TargetRecord.ID
    package let askedAt: Date
    /// JSON; nil while there is none.
    package var answer: String?

    package init(
        id: ID, agentID: AgentRecord.ID, targetID: TargetRecord.ID, askedAt: Date, answer: String? = nil
    ) {
        self.id = id
        self.agentID = agentID
        self.targetID = targetID
        self.askedAt = askedAt
        self.answer = answer
    }
}
