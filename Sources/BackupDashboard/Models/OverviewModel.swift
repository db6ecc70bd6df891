package import FoundationEssentials

/// What the first page shows.
package struct OverviewModel: Sendable {
    package struct Late: Sendable {
        package var jobID: String
        package var jobName: String
        package var agentName: String
        package var expectedBy: Date
        package var lastProvenAt: Date?

        package init(jobID: String, jobName: String, agentName: String, expectedBy: Date, lastProvenAt: Date?) {
            self.jobID = jobID
            self.jobName = jobName
            self.agentName = agentName
            self.expectedBy = expectedBy
            self.lastProvenAt = lastProvenAt
        }
    }

    /// Databases with a proven backup that is not late.
    package var protected = 0
    /// All that are known: targets, and what was discovered.
    package var databases = 0
    package var lateJobs = 0
    /// The longest late of them.
    package var late: [Late] = []
    package var agentsConnected = 0
    package var agents = 0
    /// Those that are away.
    package var lostAgents: [AgentRow] = []
    package var succeededToday = 0
    package var failedToday = 0
    package var storedToday: UInt64 = 0
    package var storedTotal: UInt64 = 0
    package var live: [RunRow] = []
    package var recent: [RunRow] = []
    package var next: [JobRow] = []
    package var calendar: [CalendarDay] = []
    /// Where the first run stands; nil when it is over.
    package var start: FirstRun?
    package init() {}
}

/// The way from an empty server to a backup that can be restored.
package enum FirstRun: Sendable {
    case addAgent
    /// Its key was shown; it has not come yet.
    case waitForAgent(name: String)
    case protect([DiscoveredRow])
    /// There is a job, and it has not run yet.
    case startBackup(JobRow)
    case firstBackup(RunRow)
    case done(RunRow)

    var step: Int {
        switch self {
        case .addAgent: 1
        case .waitForAgent: 2
        case .protect: 3
        case .startBackup, .firstBackup: 4
        case .done: 5
        }
    }
}
