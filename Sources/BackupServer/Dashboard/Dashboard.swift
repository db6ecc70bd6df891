internal import BackupControl
internal import BackupDashboard
internal import Hummingbird

/// The pages for people.
struct Dashboard: Sendable {
    private let desk: PageDesk
    private let assets: AssetRoutes
    /// All of them.
    let routes: [PageRoute]

    init(_ desk: PageDesk, masterKeyID: String) throws {
        self.desk = desk
        assets = try AssetRoutes(isSecure: desk.api.isSecure)
        let (stores, now) = (desk.stores, desk.api.now)
        let entry = EntryReader(stores: stores)
        let overview = OverviewReader(stores, now: now)
        let agents = AgentReader(stores: stores)
        let jobs = JobReader(stores: stores)
        let runs = RunReader(stores: stores)
        let watch = WatchReader(stores, now: now)
        let storage = StorageReader(stores, now: now)
        let administration = AdministrationReader(stores: stores, masterKeyID: masterKeyID)
        routes = [
            PageRoute("/setup", "pageSetup", may: .open) { try await entry.setup($0) },
            PageRoute("/login", "pageLogin", may: .open) { try await entry.login($0) },
            PageRoute("/", "pageOverview") { try await overview.answer($0) },
            PageRoute("/agents", "pageAgents") { try await agents.list($0) },
            PageRoute("/agents/{id}", "pageAgent") { try await agents.one($0) },
            PageRoute("/discovered", "pageDiscovered") { try await agents.discovered($0) },
            PageRoute("/jobs", "pageJobs") { try await jobs.list($0) },
            PageRoute("/jobs/{id}", "pageJob") { try await jobs.one($0) },
            PageRoute("/runs", "pageRuns") { try await runs.list($0) },
            PageRoute("/runs/{id}", "pageRun") { try await runs.one($0) },
            PageRoute("/restores", "pageRestores") { try await runs.restores($0) },
            PageRoute("/storage", "pageStorage") { try await storage.answer($0) },
            PageRoute("/health", "pageHealth") { try await watch.health($0) },
            PageRoute("/status-page", "pageStatusSettings") { try await watch.statusPage($0) },
            PageRoute("/status/{slug}", "pageStatus", may: .open) { try await watch.published($0) },
            PageRoute("/notifications", "pageNotifications", may: .role(.operator)) {
                try await administration.notifications($0)
            },
            PageRoute("/audit", "pageAudit", may: .role(.admin)) { try await administration.audit($0) },
            PageRoute("/settings", "pageSettings") { try await administration.settings($0) },
        ]
    }

    /// After the API's routes: what none of them has is a page that is missing.
    func add(to router: Router<ServerContext>) {
        router.add(middleware: MissingPage(desk: desk))
        for route in routes {
            router.on(RouterPath(route.path), method: .get, responder: PageResponder(route: route, desk: desk))
        }
        assets.add(to: router)
        PreferenceRoute(desk: desk).add(to: router)
    }
}
