package import BackupCore
package import FoundationEssentials

/// An agent, as the control plane knows it.
package struct AgentRecord: Sendable, Equatable {
    package typealias ID = Identifier<AgentRecord>

    /// What it said of itself when it registered last; empty before it ever did.
    package struct Registration: Sendable, Equatable {
        package var version = ""
        package var hostname = ""
        package var os = ""
        package var arch = ""
        package var dockerVersion = ""
        package var capabilities: Set<String> = []
        package init() {}
    }

    /// Its newest session. Only this one may act: the number rises with each.
    package struct Session: Sendable, Equatable {
        package var number: Int64
        /// The replica that has it; nil: it is not connected.
        package var replica: String?
        package var connectedAt: Date?
        package var lastSeenAt: Date?
        /// Nobody has heard of it for so long that this was told. Its replica may be gone, or cut off from the database.
        package var isSilent = false

        package init(number: Int64 = 0, replica: String? = nil, connectedAt: Date? = nil, lastSeenAt: Date? = nil) {
            self.number = number
            self.replica = replica
            self.connectedAt = connectedAt
            self.lastSeenAt = lastSeenAt
        }
    }

    package let id: ID
    package var name: String
    package var maxParallelJobs: Int
    /// Empty for its own setting.
    package var logLevel: String
    package var maintenance: MaintenanceWindow?
    package var isAutoUpdateEnabled: Bool
    /// Rises with each change of the agent, its targets, jobs or checks.
    package var configVersion: UInt64
    /// What it last said that it has.
    package var appliedVersion: UInt64
    package var registration = Registration()
    package var session = Session()
    package let createdAt: Date

    package init(
        id: ID, name: String, maxParallelJobs: Int = 1, logLevel: String = "", maintenance: MaintenanceWindow? = nil,
        isAutoUpdateEnabled: Bool = false, configVersion: UInt64 = 1, appliedVersion: UInt64 = 0, createdAt: Date
    ) {
        self.id = id
        self.name = name
        self.maxParallelJobs = maxParallelJobs
        self.logLevel = logLevel
        self.maintenance = maintenance
        self.isAutoUpdateEnabled = isAutoUpdateEnabled
        self.configVersion = configVersion
        self.appliedVersion = appliedVersion
        self.createdAt = createdAt
    }

    /// A session that nobody has heard of for a while is none to count on, whatever its replica has written.
    package var isConnected: Bool { session.replica != nil && !session.isSilent }
}
