/// Everything that a control plane tells an agent to do; each one replaces the one before as a whole.
package struct AgentConfiguration: Sendable, Equatable {
    /// Rises with every change.
    package var version: UInt64
    package var targets: [Target]
    package var jobs: [Job]
    package var healthChecks: [HealthCheck]
    /// nil: backups are never paused.
    package var maintenance: MaintenanceWindow?
    /// How many runs go on at once; at least 1.
    package var maxParallelJobs: Int
    /// `trace` to `error`; empty for the agent's own setting.
    package var logLevel: String
    package var isAutoUpdateEnabled: Bool

    package init(
        version: UInt64 = 0, targets: [Target] = [], jobs: [Job] = [], healthChecks: [HealthCheck] = [],
        maintenance: MaintenanceWindow? = nil, maxParallelJobs: Int = 1, logLevel: String = "",
        isAutoUpdateEnabled: Bool = false
    ) {
        self.version = version
        self.targets = targets
        self.jobs = jobs
        self.healthChecks = healthChecks
        self.maintenance = maintenance
        self.maxParallelJobs = maxParallelJobs
        self.logLevel = logLevel
        self.isAutoUpdateEnabled = isAutoUpdateEnabled
    }

    package func target(_ id: String) -> Target? { targets.first { $0.id == id } }
    package func job(_ id: String) -> Job? { jobs.first { $0.id == id } }
}
