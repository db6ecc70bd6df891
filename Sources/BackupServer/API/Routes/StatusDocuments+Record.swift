internal import BackupAPI
internal import BackupControl
internal import FoundationEssentials

extension StatusPageDocument {
    init(_ page: StatusPage, publicURL: String) {
        self.init(
            isEnabled: page.isEnabled, slug: page.slug, title: page.title, checkIDs: page.checks.map(\.string),
            targetIDs: page.targets.map(\.string), url: Self.url(of: page.slug, publicURL))
    }

    static func url(of slug: String, _ publicURL: String) -> String {
        let base = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        return "\(base)/status/\(slug)"
    }
}

extension PublicStatusDocument {
    init(_ status: PublicStatus) {
        self.init(
            title: status.title, isAllUp: status.isAllUp,
            checks: status.checks.map { check in
                let shares = UptimePeriod.allCases.compactMap { period in
                    check.uptime[period].map { Share(period: period.rawValue, upShare: $0) }
                }
                return Check(name: check.name, state: check.state.rawValue, uptime: shares)
            },
            targets: status.targets.map {
                Target(name: $0.name, state: $0.state.rawValue, lastBackupAt: $0.lastBackupAt)
            }, incidents: status.incidents.map { IncidentDocument($0) }, at: status.at)
    }
}

extension IncidentDocument {
    init(_ incident: IncidentRecord) {
        self.init(
            id: incident.id.string, title: incident.title, body: incident.body, status: incident.status.rawValue,
            impact: incident.impact.rawValue,
            updates: incident.updates.map { Update(at: $0.at, status: $0.status.rawValue, text: $0.text) },
            startedAt: incident.startedAt, resolvedAt: incident.resolvedAt)
    }
}
