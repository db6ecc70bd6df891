package import FoundationEssentials

/// Whether everything is protected.
package struct OverviewDocument: APIDocument {
    package struct LateJob: Codable, Sendable, Equatable {
        package let jobID: String
        package let name: String
        package let agentID: String
        package let targetID: String
        package let expectedBy: Date

        package init(jobID: String, name: String, agentID: String, targetID: String, expectedBy: Date) {
            self.jobID = jobID
            self.name = name
            self.agentID = agentID
            self.targetID = targetID
            self.expectedBy = expectedBy
        }
    }

    /// Of the last 24 hours.
    package struct Day: Codable, Sendable, Equatable {
        package let succeeded: Int
        package let failed: Int
        package let cancelled: Int
        package let storedBytes: Int

        package init(succeeded: Int, failed: Int, cancelled: Int, storedBytes: Int) {
            self.succeeded = succeeded
            self.failed = failed
            self.cancelled = cancelled
            self.storedBytes = storedBytes
        }
    }

    package let targets: Int
    package let protectedTargets: Int
    package let databases: Int
    package let agents: Int
    package let connectedAgents: Int
    package let lateJobs: Int
    package let late: [LateJob]
    package let lastDay: Day
    package let liveRuns: Int
    package let checks: Int
    package let checksDown: Int
    package let heldTargets: Int
    package let openIncidents: Int

    package init(
        targets: Int, protectedTargets: Int, databases: Int, agents: Int, connectedAgents: Int, lateJobs: Int,
        late: [LateJob], lastDay: Day, liveRuns: Int, checks: Int, checksDown: Int, heldTargets: Int, openIncidents: Int
    ) {
        self.targets = targets
        self.protectedTargets = protectedTargets
        self.databases = databases
        self.agents = agents
        self.connectedAgents = connectedAgents
        self.lateJobs = lateJobs
        self.late = late
        self.lastDay = lastDay
        self.liveRuns = liveRuns
        self.checks = checks
        self.checksDown = checksDown
        self.heldTargets = heldTargets
        self.openIncidents = openIncidents
    }

    package static let schema = Schema.named(
        "Overview",
        [
            .required("targets", count),
            .required("protected_targets", count, "With a schedule, a proven backup, and none that is late."),
            .required(
                "databases", count, "Targets, and what agents have found that is no target: protected X of these."),
            .required("agents", count), .required("connected_agents", count), .required("late_jobs", count),
            .required("late", .list(lateJob, upTo: 100), "The longest late first."), .required("last_day", day),
            .required("live_runs", count), .required("checks", count), .required("checks_down", count),
            .required("held_targets", count, "Whose retention waits for somebody's approval."),
            .required("open_incidents", count),
        ])

    private static let count = Schema.integer(0...Int64.max)
    private static let lateJob = Schema.named(
        "LateJob",
        [
            .required("job_id", .id), .required("name", .line(1...100)), .required("agent_id", .id),
            .required("target_id", .id), .required("expected_by", .time),
        ])
    private static let day = Schema.named(
        "LastDay",
        [
            .required("succeeded", count), .required("failed", count), .required("cancelled", count),
            .required("stored_bytes", count),
        ])
}
