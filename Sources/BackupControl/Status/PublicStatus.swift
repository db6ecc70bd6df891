package import FoundationEssentials

/// What the public page shows: names and states, no address and no error.
package struct PublicStatus: Sendable, Equatable {
    package struct Check: Sendable, Equatable {
        package let name: String
        package let state: HealthCheckRecord.State
        /// Of each period, 0 to 1; nil before anything is known.
        package let uptime: [UptimePeriod: Double]
    }

    package struct Target: Sendable, Equatable {
        package enum State: String, Sendable {
            /// Each of its backups came in time.
            case protected
            case late
            /// There is none yet, or no schedule for it.
            case unknown
        }

        package let name: String
        package let state: State
        package let lastBackupAt: Date?

        package init(name: String, state: State, lastBackupAt: Date?) {
            self.name = name
            self.state = state
            self.lastBackupAt = lastBackupAt
        }
    }

    package let title: String
    package let slug: String
    package let checks: [Check]
    package let targets: [Target]
    /// Newest first; those of the last 90 days.
    package let incidents: [IncidentRecord]
    package let at: Date

    package init(_ facts: StatusFacts, at time: Date) {
        title = facts.page.title
        slug = facts.page.slug
        at = time
        targets = facts.targets
        incidents = facts.incidents
        checks = facts.checks.map { check, hours in
            let shares = UptimePeriod.allCases.compactMap { period in
                Uptime(period, of: check, hours: hours, now: time).upShare.map { (period, $0) }
            }
            return Check(name: check.name, state: check.state, uptime: Dictionary(uniqueKeysWithValues: shares))
        }
    }

    package var isAllUp: Bool {
        checks.allSatisfy { $0.state == .up } && targets.allSatisfy { $0.state == .protected }
            && incidents.allSatisfy { $0.status == .resolved }
    }
}

/// All that the public page is made from, as of one moment.
package struct StatusFacts: Sendable {
    package let page: StatusPage
    package let checks: [(check: HealthCheckRecord, hours: [HealthHour])]
    package let targets: [PublicStatus.Target]
    package let incidents: [IncidentRecord]

    package init(
        page: StatusPage, checks: [(check: HealthCheckRecord, hours: [HealthHour])], targets: [PublicStatus.Target],
        incidents: [IncidentRecord]
    ) {
        self.page = page
        self.checks = checks
        self.targets = targets
        self.incidents = incidents
    }
}
