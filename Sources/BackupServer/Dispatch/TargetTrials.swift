internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Has agents try targets: those that are connected here at once, and those of other replicas through the database.
struct TargetTrials: Sendable {
    static let limit = Duration.seconds(60)
    /// Between two looks for another replica's answer.
    private static let pause = Duration.milliseconds(100)

    let stores: DispatchStores
    let keys: MasterKeys
    let live: LiveAgents
    let questions: Questions
    let logger: Logger

    func test(_ target: Target, by agent: AgentRecord.ID) async throws -> ConnectionTest {
        guard let connection = live.connection(of: agent) else {
            guard try await stores.agents.agent(agent)?.isConnected == true else {
                throw DispatchError.notConnected(agent: agent.string)
            }
            return try await testElsewhere(.init(target.id), by: agent)
        }
        guard connection.can(.testConnection) else { throw DispatchError.agentTooOld(needs: "testing a connection") }
        let answer = try await questions.ask(.testConnection(target), connection, within: Self.limit)
        guard case .testConnectionResult(let result) = answer else { throw DispatchError.noAnswer(within: Self.limit) }
        return result
    }

    // MARK: Who asks

    private func testElsewhere(_ target: TargetRecord.ID, by agent: AgentRecord.ID) async throws -> ConnectionTest {
        var random = SystemRandomNumberGenerator()
        let question = AgentQuestion(
            id: .init(at: Date(), using: &random), agentID: agent, targetID: target, askedAt: Date())
        try await stores.questions.addQuestion(question)
        let answer: TrialAnswer
        do {
            answer = try await waitForAnswer(to: question.id)
        } catch {
            try await stores.questions.deleteQuestion(question.id)
            throw error
        }
        try await stores.questions.deleteQuestion(question.id)
        switch answer.refusal {
        case .notConnected?: throw DispatchError.notConnected(agent: agent.string)
        case .tooOld?: throw DispatchError.agentTooOld(needs: "testing a connection")
        case .noAnswer?: throw DispatchError.noAnswer(within: Self.limit)
        case nil: return answer.test
        }
    }

    private func waitForAnswer(to id: AgentQuestion.ID) async throws -> TrialAnswer {
        let end = ContinuousClock.now + Self.limit
        while .now < end {
            if let text = try await stores.questions.question(id)?.answer {
                return try JSONDecoder().decode(TrialAnswer.self, from: Data(text.utf8))
            }
            try await Task.sleep(for: Self.pause)
        }
        throw DispatchError.noAnswer(within: Self.limit)
    }

    // MARK: Who answers

    /// For another replica. One that has the agent no longer says nothing: it is asked in vain.
    func answer(_ id: AgentQuestion.ID) async {
        do {
            guard let question = try await stores.questions.question(id), question.answer == nil,
                live.connection(of: question.agentID) != nil,
                let target = try await stores.plans.target(question.targetID), target.agentID == question.agentID
            else { return }
            let answer = await answer(try target.target(keys: keys), question.agentID)
            try await stores.questions.answerQuestion(id, try answer.json)
        } catch {
            logger.error("another replica's question can't be answered", metadata: ["error": "\(error)"])
        }
    }

    private func answer(_ target: Target, _ agent: AgentRecord.ID) async -> TrialAnswer {
        do {
            return TrialAnswer(try await test(target, by: agent))
        } catch DispatchError.notConnected {
            return TrialAnswer(refusal: .notConnected)
        } catch DispatchError.agentTooOld {
            return TrialAnswer(refusal: .tooOld)
        } catch {
            return TrialAnswer(refusal: .noAnswer)
        }
    }
}
