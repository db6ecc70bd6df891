package import BackupControl
package import BackupControlStore
package import BackupCore
package import FoundationEssentials
internal import Hummingbird
package import HummingbirdCore
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// The control plane, put together.
package struct Server: Sendable {
    package let settings: ServerSettings
    package let database: ControlDatabase
    package let keys: MasterKeys
    package let metrics = ServerMetrics()
    package let logger: Logger
    private let firstStart: FirstStart
    private let now: @Sendable () -> Date
    private let passwords: PasswordHasher

    /// Opens what it needs. - Throws: what is wrong with the database or the master key.
    package init(
        _ settings: ServerSettings, logger: Logger, passwords: PasswordHasher = PasswordHasher(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.settings = settings
        self.logger = logger
        self.now = now
        self.passwords = passwords
        keys = try MasterKeys.load(dataDirectory: settings.dataDirectory, environment: settings.environment)
        database = try await ControlDatabase.open(settings.database)
        firstStart = FirstStart(store: database, hasher: passwords)
    }

    /// The token that makes the first owner; nil where there is one.
    package func setupToken() async throws -> Secret? { try await firstStart.token() }

    /// All routes of the API.
    package var table: EndpointTable {
        let secondFactor = SecondFactor(store: database, sealed: keys)
        return EndpointTable([
            MetaRoutes(database: database, metrics: metrics).endpoints,
            AccountRoutes(
                firstStart: firstStart,
                logins: LoginService(store: database, hasher: passwords, secondFactor: secondFactor),
                accounts: AccountService(store: database, hasher: passwords), secondFactor: secondFactor,
                isSecure: settings.isSecure
            ).endpoints,
            TokenRoutes(tokens: TokenService(store: database)).endpoints,
            AuditRoutes(store: database).endpoints,
        ])
    }

    private var api: API {
        API(
            table: table, authenticator: CallerLookup(store: database, now: now), audit: database,
            idempotency: database, limits: settings.limits, trustedProxies: settings.trustedProxies, metrics: metrics,
            isSecure: settings.isSecure, checksAnswers: settings.checksAnswers, now: now)
    }

    /// Serves until it is cancelled, or told to stop in order.
    /// - Parameters:
    ///   - http: the port's protocol.
    ///   - onListening: with the port.
    package func run(
        _ http: HTTPServerBuilder = .http1(configuration: .init(idleTimeout: .seconds(60))),
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        try api.add(to: router)
        let application = Application(
            router: router, server: http,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [Housekeeping(database: database, logger: logger, now: now)],
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        do {
            try await application.run()
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

extension MasterKeys: SecretSealing {}
