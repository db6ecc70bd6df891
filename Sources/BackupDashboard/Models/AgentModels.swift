package import FoundationEssentials

package struct AgentRow: Sendable {
    package var id: String
    package var name: String
    package var isConnected: Bool
    package var lastSeenAt: Date?
    package var version: String
    package var hostname: String
    package var system: String
    package var targets: Int
    package var jobs: Int
    /// Whether it has applied the newest configuration.
    package var isUpToDate: Bool

    package init(
        id: String, name: String, isConnected: Bool, lastSeenAt: Date?, version: String = "", hostname: String = "",
        system: String = "", targets: Int = 0, jobs: Int = 0, isUpToDate: Bool = true
    ) {
        self.id = id
        self.name = name
        self.isConnected = isConnected
        self.lastSeenAt = lastSeenAt
        self.version = version
        self.hostname = hostname
        self.system = system
        self.targets = targets
        self.jobs = jobs
        self.isUpToDate = isUpToDate
    }
}

package struct AgentModel: Sendable {
    package var row: AgentRow
    package var connectedAt: Date?
    package var dockerVersion = ""
    package var maxParallelJobs = 1
    package var maintenance = ""
    package var isAutoUpdateEnabled = false
    package var targets: [TargetRow] = []
    package var jobs: [JobRow] = []
    package var discovered: [DiscoveredRow] = []
    package var runs: [RunRow] = []

    package init(row: AgentRow) { self.row = row }
}

package struct TargetRow: Sendable {
    package var id: String
    package var name: String
    package var engine: String
    package var address: String
    package var database: String
    package var lastProvenAt: Date?

    package init(id: String, name: String, engine: String, address: String, database: String, lastProvenAt: Date? = nil)
    {
        self.id = id
        self.name = name
        self.engine = engine
        self.address = address
        self.database = database
        self.lastProvenAt = lastProvenAt
    }
}

/// A database that an agent has found.
package struct DiscoveredRow: Sendable {
    /// Of its container.
    package var id: String
    /// Of the agent's suggestions for the container, the one that leads here.
    package var suggestion: Int
    package var agentID: String
    package var agentName: String
    package var name: String
    package var engine: String
    package var image: String
    package var networks: [String]
    package var ports: [String]
    /// The job that already protects it; nil for none.
    package var jobID: String?
    /// The target that it is already; nil for none.
    package var targetID: String?

    package init(
        id: String, suggestion: Int = 0, agentID: String, agentName: String, name: String, engine: String,
        image: String = "", networks: [String] = [], ports: [String] = [], jobID: String? = nil, targetID: String? = nil
    ) {
        self.id = id
        self.suggestion = suggestion
        self.agentID = agentID
        self.agentName = agentName
        self.name = name
        self.engine = engine
        self.image = image
        self.networks = networks
        self.ports = ports
        self.jobID = jobID
        self.targetID = targetID
    }
}
