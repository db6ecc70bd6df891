package import BackupControl
internal import FoundationEssentials

extension ControlDatabase: QuestionStore {
    /// Whoever has asked waits a minute.
    private static let keptFor: TimeInterval = 300

    package func addQuestion(_ question: AgentQuestion) async throws {
        try await sql.write { connection in
            try connection.run(
                "DELETE FROM agent_questions WHERE asked_at < ?",
                [SQLValue(question.askedAt.addingTimeInterval(-Self.keptFor))])
            try connection.run(
                "INSERT INTO agent_questions (id, agent_id, target_id, asked_at) VALUES (?, ?, ?, ?)",
                [
                    .text(question.id.string), .text(question.agentID.string), .text(question.targetID.string),
                    SQLValue(question.askedAt),
                ])
            try connection.tell(.question(question.id, to: question.agentID))
        }
    }

    package func question(_ id: AgentQuestion.ID) async throws -> AgentQuestion? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM agent_questions WHERE id = ?", [.text(id.string)]).map { row in
                AgentQuestion(
                    id: id, agentID: .init(try row.text("agent_id")), targetID: .init(try row.text("target_id")),
                    askedAt: try row.date("asked_at"), answer: try row.optionalText("answer"))
            }
        }
    }

    package func answerQuestion(_ id: AgentQuestion.ID, _ answer: String) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE agent_questions SET answer = ? WHERE id = ? AND answer IS NULL",
                [.text(answer), .text(id.string)])
        }
    }

    package func deleteQuestion(_ id: AgentQuestion.ID) async throws {
        try await sql.write { try $0.run("DELETE FROM agent_questions WHERE id = ?", [.text(id.string)]) }
    }

    package func wishLook(at check: HealthCheckRecord.ID, by agent: AgentRecord.ID) async throws {
        try await sql.write { try $0.tell(.look(check, by: agent)) }
    }
}
