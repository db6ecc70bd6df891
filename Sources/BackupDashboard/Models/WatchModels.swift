package import BackupControl
package import FoundationEssentials

package struct UptimeCell: Sendable {
    package var from: Date
    /// Share of good answers; nil where nobody looked.
    package var share: Double?

    package init(from: Date, share: Double?) {
        self.from = from
        self.share = share
    }
}

package struct HealthRow: Sendable {
    package var id: String
    package var name: String
    package var kind: String
    package var target: String
    package var agentName: String
    package var state: HealthCheckRecord.State
    package var stateSince: Date?
    package var latencyMs: Int?
    /// Of the period that the strip shows; nil for nothing known.
    package var uptime: Double?
    /// Oldest first.
    package var strip: [UptimeCell]
    package var isPublic: Bool

    package init(
        id: String, name: String, kind: String, target: String, agentName: String, state: HealthCheckRecord.State,
        stateSince: Date? = nil, latencyMs: Int? = nil, uptime: Double? = nil, strip: [UptimeCell] = [],
        isPublic: Bool = false
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.target = target
        self.agentName = agentName
        self.state = state
        self.stateSince = stateSince
        self.latencyMs = latencyMs
        self.uptime = uptime
        self.strip = strip
        self.isPublic = isPublic
    }
}

package struct HealthModel: Sendable {
    /// `24h`, `7d`, `30d` or `90d`.
    package var period: String
    package var checks: [HealthRow]
    /// Agents that a new check can be given to.
    package var agents: [(id: String, name: String)]
    /// There are more than these.
    package var hasMoreAgents = false
    /// Where the next page begins.
    package var next: String?

    package init(
        period: String = "30d", checks: [HealthRow], agents: [(id: String, name: String)] = [], next: String? = nil
    ) {
        self.next = next
        self.period = period
        self.checks = checks
        self.agents = agents
    }
}

package struct Incident: Sendable {
    package var id: String
    package var title: String
    package var body: String
    package var status: String
    package var startedAt: Date
    package var resolvedAt: Date?

    package init(id: String, title: String, body: String, status: String, startedAt: Date, resolvedAt: Date? = nil) {
        self.id = id
        self.title = title
        self.body = body
        self.status = status
        self.startedAt = startedAt
        self.resolvedAt = resolvedAt
    }
}

/// Whether the backups of a target come in time, as the public sees it.
package struct PublicTarget: Sendable {
    package enum State: String, Sendable { case protected, late, unknown }

    package var id: String
    package var name: String
    package var state: State
    package var lastBackupAt: Date?

    package init(id: String = "", name: String, state: State, lastBackupAt: Date? = nil) {
        self.id = id
        self.name = name
        self.state = state
        self.lastBackupAt = lastBackupAt
    }
}

/// The public page: what it shows, and to its owner how it is set.
package struct StatusPageModel: Sendable {
    package var title: String
    package var slug: String
    package var isEnabled: Bool
    /// To its owner, all that may be shown.
    package var checks: [HealthRow]
    package var targets: [PublicTarget]
    package var incidents: [Incident]
    /// Of those, what is shown.
    package var shown: Set<String> = []
    /// More could be shown than is listed; all that is shown is listed.
    package var hasMore = false

    package init(
        title: String, slug: String, isEnabled: Bool, checks: [HealthRow], targets: [PublicTarget] = [],
        incidents: [Incident]
    ) {
        self.targets = targets
        self.title = title
        self.slug = slug
        self.isEnabled = isEnabled
        self.checks = checks
        self.incidents = incidents
    }

    var isSomeDown: Bool {
        checks.contains { $0.state == .down } || targets.contains { $0.state == .late }
            || incidents.contains { $0.resolvedAt == nil }
    }

    /// As the API says it (``PublicStatus``): what nobody knows anything of is not up.
    var isAllUp: Bool {
        !isSomeDown && checks.allSatisfy { $0.state == .up } && targets.allSatisfy { $0.state == .protected }
    }
}
