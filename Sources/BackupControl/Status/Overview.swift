package import FoundationEssentials

/// Whether everything is protected, as of one moment.
package struct Overview: Sendable, Equatable {
    package struct LateJob: Sendable, Equatable {
        package let jobID: JobRecord.ID
        package let name: String
        package let agentID: AgentRecord.ID
        package let targetID: TargetRecord.ID
        package let expectedBy: Date

        package init(
            jobID: JobRecord.ID, name: String, agentID: AgentRecord.ID, targetID: TargetRecord.ID, expectedBy: Date
        ) {
            self.jobID = jobID
            self.name = name
            self.agentID = agentID
            self.targetID = targetID
            self.expectedBy = expectedBy
        }
    }

    /// Runs that ended within a day, and those that go on now.
    package struct Runs: Sendable, Equatable {
        package var succeeded = 0
        package var failed = 0
        package var cancelled = 0
        package var live = 0
        /// Of the successes.
        package var storedBytes: UInt64 = 0
        package init() {}
    }

    /// Of the late jobs, the longest ones.
    package static let mostLate = 100

    package var targets = 0
    /// With a schedule, a proven backup, and none that is late.
    package var protectedTargets = 0
    /// Databases that agents have found, and that are no target (``Coverage``).
    package var untargeted = 0
    /// All that are known: Y of "protected X of Y".
    package var databases: Int { targets + untargeted }
    package var agents = 0
    package var connectedAgents = 0
    package var lateJobs = 0
    package var late: [LateJob] = []
    package var runs = Runs()
    package var checks = 0
    package var checksDown = 0
    /// Targets whose retention waits for somebody.
    package var heldTargets = 0
    package var openIncidents = 0
    package init() {}
}
