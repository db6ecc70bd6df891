internal import BackupCore
internal import SwiftProtobuf

extension AgentConfiguration {
    /// How many runs a configuration may ask for at once. Each has threads, buffers and a dump tool of its own.
    static let largestParallelJobs = 64

    init(wire: Backup_V1_AgentConfig, notes: inout WireNotes) {
        var maintenance: MaintenanceWindow?
        if wire.hasMaintenance {
            let (start, end) = (wire.maintenance.startUtc, wire.maintenance.endUtc)
            maintenance = MaintenanceWindow(start: start, end: end)
            if maintenance == nil, !(start.isEmpty && end.isEmpty) {
                notes.add("\(WireNotes.name(start)) to \(WireNotes.name(end)) is no maintenance window")
            }
        }
        self.init(
            version: wire.version,
            targets: wire.targets.map { Target(wire: $0, notes: &notes) },
            jobs: wire.jobs.map { Job(wire: $0, notes: &notes) },
            healthChecks: wire.healthChecks.map { HealthCheck(wire: $0, notes: &notes) },
            maintenance: maintenance,
            maxParallelJobs: wire.advanced.maxParallelJobs.clamped(default: 1, most: Self.largestParallelJobs),
            logLevel: wire.advanced.logLevel,
            isAutoUpdateEnabled: wire.advanced.autoUpdateEnabled
        )
    }

    var wire: Backup_V1_AgentConfig {
        .with {
            $0.version = version
            $0.targets = targets.map(\.wire)
            $0.jobs = jobs.map(\.wire)
            $0.healthChecks = healthChecks.map(\.wire)
            if let maintenance {
                $0.maintenance.startUtc = maintenance.startText
                $0.maintenance.endUtc = maintenance.endText
            }
            $0.advanced.maxParallelJobs = UInt32(clamping: maxParallelJobs)
            $0.advanced.logLevel = logLevel
            $0.advanced.autoUpdateEnabled = isAutoUpdateEnabled
        }
    }
}
