package import BackupControl
package import BackupControlStore
package import BackupCore
package import FoundationEssentials
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// The control plane, put together: API, pages, agents' gateway, embedded store and event stream on one port, over one database.
package struct Server: Sendable {
    package let settings: ServerSettings
    package let database: ControlDatabase
    package let keys: MasterKeys
    package let metrics = ServerMetrics()
    package let logger: Logger
    /// All routes of the API.
    package let table: EndpointTable
    private let firstStart: FirstStart
    private let agents: AgentSide
    private let hub: EventHub
    private let loops: ServerLoops
    private let now: @Sendable () -> Date

    /// Opens what it needs.
    /// - Throws: what is wrong with the database, the master key or its KMS.
    package init(
        _ settings: ServerSettings, logger: Logger, passwords: PasswordHasher = PasswordHasher(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.settings = settings
        self.logger = logger
        self.now = now
        let database = try await ControlDatabase.open(settings.database)
        let keys = try await MasterKeySource(
            dataDirectory: settings.dataDirectory, environment: settings.environment, database: database,
            logger: logger
        ).load()
        try await MasterKeyCheck(database: database, keys: keys).check()
        try await FirstStorage(plans: database).add(at: now())
        self.keys = keys
        self.database = database
        firstStart = FirstStart(store: database, hasher: passwords)
        hub = EventHub(store: database, metrics: metrics, logger: logger) { database.sql.wakeUps() }
        agents = try AgentSide(
            settings: settings, database: database, keys: keys, health: StoredHealth(store: database),
            logger: logger)
        let sender = ChannelSender(
            keys: keys, addresses: AddressGuard(allowed: settings.deliveryNetworks), now: now)
        let routes = ServerRoutes(
            database: database, keys: keys, agents: agents, hub: hub, metrics: metrics, firstStart: firstStart,
            passwords: passwords, sender: sender, settings: settings)
        table = routes.table
        loops = ServerLoops(
            database: database, keys: keys, sender: sender, agents: agents, logger: logger, now: now)
    }

    /// A token that makes the first owner; nil where there is one.
    package func setupToken() async throws -> Secret? { try await firstStart.token(at: now()) }

    /// Serves until it is cancelled, or told to stop in order.
    /// - Parameter onListening: with the port.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        agents.addStoreRoutes(to: router)
        let api = api
        try api.add(to: router)
        try dashboard(over: api).add(to: router)
        let application = Application(
            router: router, server: agents.http,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [Housekeeping(database: database, logger: logger, now: now), hub] + agents.services
                + loops.services,
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        let result: Result<Void, any Error>
        do { result = .success(try await application.run()) } catch { result = .failure(error) }
        await agents.close()
        await database.close()
        try result.get()
    }

    private func dashboard(over api: API) throws -> Dashboard {
        let stores = PageStores(
            lists: database, overview: database, agents: database, plans: database, runs: database, notices: database,
            status: database, audit: database, accounts: database)
        return try Dashboard(
            PageDesk(api: api, stores: stores, serverURL: settings.publicURL, agentURL: settings.agentURL),
            masterKeyID: keys.newestID)
    }

    private var api: API {
        API(
            table: table, authenticator: CallerLookup(store: database, now: now), audit: database,
            idempotency: database, limits: settings.limits, trustedProxies: settings.trustedProxies, metrics: metrics,
            isSecure: settings.isSecure, checksAnswers: settings.checksAnswers, now: now)
    }
}

extension MasterKeys: SecretSealing {}
