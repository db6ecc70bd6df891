package import BackupCore

/// What a write tells all replicas, as far as it concerns an agent that one of them has. A word is only a hint: it may be lost, and then
/// everything is looked at.
package enum ReplicaWord: Sendable, Equatable {
    /// There may be something to hand out: a run or a restore was made, or a run has ended.
    case work
    /// An agent has a new session: older ones are over.
    case session(AgentRecord.ID, number: Int64)
    /// What an agent shall do has changed.
    case configuration(AgentRecord.ID, version: UInt64)
    /// An agent has another key, or is deleted.
    case key(AgentRecord.ID)
    /// A run or a restore shall end.
    case cancel(BackupID)
    /// Somebody waits for an agent's answer.
    case question(AgentQuestion.ID, to: AgentRecord.ID)
    /// An agent shall look at one of its checks now.
    case look(HealthCheckRecord.ID, by: AgentRecord.ID)

    package var topic: String {
        switch self {
        case .work: "runs"
        case .session(let agent, let number): "session:\(agent)/\(number)"
        case .configuration(let agent, let version): "agent:\(agent)/\(version)"
        case .key(let agent): "key:\(agent)"
        case .cancel(let id): "cancel:\(id)"
        case .question(let id, let agent): "question:\(id)/\(agent)"
        case .look(let check, let agent): "look:\(check)/\(agent)"
        }
    }

    /// nil for what is none of these.
    package init?(topic: String) {
        guard topic != Self.work.topic else {
            self = .work
            return
        }
        let words = topic.split(separator: ":", maxSplits: 1)
        guard words.count == 2 else { return nil }
        let parts = words[1].split(separator: "/").map(String.init)
        switch (words[0], parts.count) {
        case ("session", 2):
            guard let number = Int64(parts[1]) else { return nil }
            self = .session(.init(parts[0]), number: number)
        case ("agent", 2):
            guard let version = UInt64(parts[1]) else { return nil }
            self = .configuration(.init(parts[0]), version: version)
        case ("key", 1): self = .key(.init(parts[0]))
        case ("cancel", 1):
            guard let id = try? BackupID(parts[0]) else { return nil }
            self = .cancel(id)
        case ("question", 2): self = .question(.init(parts[0]), to: .init(parts[1]))
        case ("look", 2): self = .look(.init(parts[0]), by: .init(parts[1]))
        default: return nil
        }
    }
}
