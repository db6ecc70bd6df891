internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

extension AgentRow {
    init(_ agent: AgentRecord, targets: Int = 0, jobs: Int = 0) {
        let registration = agent.registration
        self.init(
            id: agent.id.string, name: agent.name, isConnected: agent.isConnected,
            lastSeenAt: agent.session.lastSeenAt, version: registration.version, hostname: registration.hostname,
            system: [registration.os, registration.arch].filter { !$0.isEmpty }.joined(separator: "/"),
            targets: targets, jobs: jobs, isUpToDate: agent.appliedVersion >= agent.configVersion)
    }
}

extension JobRow {
    init(_ listed: ListedJob, now: Date) {
        let job = listed.job
        var names = Names()
        names.agents[job.agentID.string] = listed.agentName
        names.targets[job.targetID.string] = listed.targetName
        names.jobs[job.id.string] = job.name
        self.init(
            id: job.id.string, name: job.name, agentID: job.agentID.string, agentName: listed.agentName,
            targetName: listed.targetName, engine: listed.engine, cron: job.cron, isEnabled: job.isEnabled,
            nextDueAt: job.nextDueAt, isLate: job.isEnabled && job.lateAlertedAt != nil,
            last: listed.lastRun.map { RunRow($0, names, now: now) })
    }
}

extension TargetRow {
    init(_ listed: ListedTarget) {
        let target = listed.target
        let address =
            target.containerID.isEmpty
            ? target.host + (target.port == 0 || target.host.isEmpty ? "" : ":\(target.port)") : target.containerID
        self.init(
            id: target.id.string, name: target.name, engine: target.engine.rawValue,
            address: address.isEmpty ? target.strategy.word : address, database: target.database,
            lastProvenAt: listed.lastProvenAt)
    }
}

extension RestoreRow {
    init(_ restore: RestoreRecord, _ names: Names, now: Date) {
        let target = names.of(target: restore.request.targetID)
        self.init(
            id: restore.id.string, runID: restore.runID.string, targetName: restore.request.database ?? target,
            agentName: names.of(agent: restore.agentID), status: restore.status,
            progress: restore.status.isLive ? RunMeter(restore, now: now) : nil, createdAt: restore.createdAt,
            seconds: restore.finishedAt?.timeIntervalSince(restore.startedAt ?? restore.createdAt),
            error: restore.failure?.words ?? "", targetState: restore.targetState)
    }
}

extension CalendarDay {
    /// - Parameter missed: first moments of days, in UTC; as often as something was missed then.
    static func days(_ runs: [RunDay], missed: [Date]) -> [CalendarDay] {
        var days = Dictionary(
            runs.map { ($0.day, CalendarDay(date: $0.day, succeeded: $0.succeeded, failed: $0.failed)) }
        ) { first, _ in first }
        for day in missed { days[day, default: CalendarDay(date: day, succeeded: 0)].missed += 1 }
        return days.values.sorted { $0.date < $1.date }
    }
}

extension HealthCheck.Kind {
    /// As the API has it.
    var pageWord: String {
        switch self {
        case .http: "http"
        case .https: "https"
        case .tcp: "tcp"
        }
    }
}
