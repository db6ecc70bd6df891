internal import BackupCore
package import FoundationEssentials

/// An agent, and how much it has.
package struct ListedAgent: Sendable {
    package let agent: AgentRecord
    package let targets: Int
    package let jobs: Int

    package init(agent: AgentRecord, targets: Int, jobs: Int) {
        self.agent = agent
        self.targets = targets
        self.jobs = jobs
    }
}

/// A target, its agent's name, and how it is protected.
package struct ListedTarget: Sendable {
    package let target: TargetRecord
    package let agentName: String
    /// One that is enabled; nil for none.
    package let jobID: JobRecord.ID?
    /// When its newest proven backup ended.
    package let lastProvenAt: Date?

    package init(target: TargetRecord, agentName: String, jobID: JobRecord.ID?, lastProvenAt: Date?) {
        self.target = target
        self.agentName = agentName
        self.jobID = jobID
        self.lastProvenAt = lastProvenAt
    }
}

/// A job with the names of what it belongs to, and its newest run.
package struct ListedJob: Sendable {
    package let job: JobRecord
    package let agentName: String
    package let targetName: String
    /// As it is stored.
    package let engine: String
    package let lastRun: RunRecord?

    package init(job: JobRecord, agentName: String, targetName: String, engine: String, lastRun: RunRecord?) {
        self.job = job
        self.agentName = agentName
        self.targetName = targetName
        self.engine = engine
        self.lastRun = lastRun
    }
}

/// A check with its agent's name, and its hours since a moment.
package struct ListedCheck: Sendable {
    package let check: HealthCheckRecord
    package let agentName: String
    package let hours: [HealthHour]

    package init(check: HealthCheckRecord, agentName: String, hours: [HealthHour]) {
        self.check = check
        self.agentName = agentName
        self.hours = hours
    }
}

/// What an agent has found on its host, as it is stored.
package struct ListedDiscovery: Sendable {
    package let agentID: AgentRecord.ID
    package let agentName: String
    package let json: String

    package init(agentID: AgentRecord.ID, agentName: String, json: String) {
        self.agentID = agentID
        self.agentName = agentName
        self.json = json
    }
}
