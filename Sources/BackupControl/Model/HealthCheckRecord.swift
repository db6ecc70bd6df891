package import BackupCore
package import FoundationEssentials

/// Something that an agent looks at, again and again.
package struct HealthCheckRecord: Sendable, Equatable {
    package typealias ID = Identifier<HealthCheckRecord>

    package enum State: String, Sendable, Codable, CaseIterable {
        case up
        case down
        /// Nobody has looked yet, or the agent is gone, or it is turned off.
        case unknown
    }

    package let id: ID
    package let agentID: AgentRecord.ID
    package var name: String
    package var kind: HealthCheck.Kind
    package var target: String
    package var interval: Duration
    package var timeout: Duration
    package var expectedStatus: Int?
    package var expectedText: String
    package var isEnabled: Bool
    /// Whether the public status page may show it, as long as it is enabled.
    package var isPublic: Bool
    package var state: State
    package var stateSince: Date?
    /// Failures in a row.
    package var failures: Int
    /// The newest result that there is.
    package var lastResultAt: Date?
    package let createdAt: Date

    package init(
        id: ID, agentID: AgentRecord.ID, name: String, kind: HealthCheck.Kind, target: String,
        interval: Duration = .seconds(60), timeout: Duration = .seconds(10), expectedStatus: Int? = nil,
        expectedText: String = "", isEnabled: Bool = true, isPublic: Bool = false, state: State = .unknown,
        stateSince: Date? = nil, failures: Int = 0, lastResultAt: Date? = nil,
        createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.name = name
        self.kind = kind
        self.target = target
        self.interval = interval
        self.timeout = timeout
        self.expectedStatus = expectedStatus
        self.expectedText = expectedText
        self.isEnabled = isEnabled
        self.isPublic = isPublic
        self.state = state
        self.stateSince = stateSince
        self.failures = failures
        self.lastResultAt = lastResultAt
        self.createdAt = createdAt
    }
}
