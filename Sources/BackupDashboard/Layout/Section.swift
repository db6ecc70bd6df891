/// A page of the dashboard that the navigation leads to.
package enum Section: String, CaseIterable, Sendable {
    case overview, agents, discovered, jobs, runs, restores, storage, health, statusPage, notifications, audit, settings

    package var path: String {
        switch self {
        case .overview: "/"
        case .statusPage: "/status-page"
        default: "/" + rawValue
        }
    }

    static let groups: [[Section]] = [
        [.overview], [.agents, .discovered, .jobs], [.runs, .restores, .storage],
        [.health, .statusPage, .notifications], [.audit, .settings],
    ]

    /// Whether its page would be shown.
    func isShown(to context: PageContext) -> Bool {
        switch self {
        case .audit: context.mayAdminister
        case .notifications: context.mayOperate
        default: true
        }
    }

    func title(_ t: any Phrases) -> String {
        switch self {
        case .overview: t.overview
        case .agents: t.agents
        case .discovered: t.discovered
        case .jobs: t.jobs
        case .runs: t.runs
        case .restores: t.restores
        case .storage: t.storage
        case .health: t.healthChecks
        case .statusPage: t.statusPage
        case .notifications: t.notifications
        case .audit: t.audit
        case .settings: t.settings
        }
    }

    var icon: HTML { Icon.svg(Icon.path(of: self)) }
}
