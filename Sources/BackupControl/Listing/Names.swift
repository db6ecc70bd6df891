/// What things are called. A run outlives its job, its target and its agent: what is gone is called by its id.
package struct Names: Sendable {
    package var agents: [String: String] = [:]
    package var targets: [String: String] = [:]
    package var jobs: [String: String] = [:]
    package init() {}

    package func of(agent id: AgentRecord.ID) -> String { agents[id.string] ?? id.string }
    package func of(target id: TargetRecord.ID) -> String { targets[id.string] ?? id.string }
    package func of(job id: JobRecord.ID) -> String { jobs[id.string] ?? id.string }
}

/// Whose names are wanted.
package struct NameWish: Sendable {
    package var agents: Set<String> = []
    package var targets: Set<String> = []
    package var jobs: Set<String> = []
    package init() {}

    package init(_ runs: [RunRecord]) {
        agents = Set(runs.map(\.agentID.string))
        targets = Set(runs.map(\.targetID.string))
        jobs = Set(runs.map(\.jobID.string))
    }

    package init(_ restores: [RestoreRecord]) {
        agents = Set(restores.map(\.agentID.string))
        targets = Set(restores.map(\.request.targetID.string))
    }
}
