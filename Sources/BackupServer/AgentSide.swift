internal import BackupControl
internal import BackupControlStore
internal import FoundationEssentials
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import ServiceLifecycle

/// Gateway, dispatch and stores: what agents meet.
struct AgentSide: Sendable {
    let stores: DispatchStores
    let storage: StorageService
    private let desk: AgentDesk
    private let database: ControlDatabase
    private let gateway: Gateway
    private let links: StoreLinks
    private let certificates: CertificateFiles?
    private let logger: Logger

    init(
        settings: ServerSettings, database: ControlDatabase, keys: MasterKeys, health: any HealthSink, logger: Logger
    ) throws {
        self.logger = logger
        self.database = database
        stores = DispatchStores(agents: database, plans: database, runs: database, questions: database)
        links = StoreLinks(publicURL: settings.publicURL, agentURL: settings.agentURL, keys: keys)
        storage = StorageService(plans: database, keys: keys, links: links, dataDirectory: settings.dataDirectory)
        let live = LiveAgents()
        // Of this process: one that was killed and began again is another, whose sessions are over.
        let replica = String(UInt64.random(in: .min ... .max), radix: 36)
        desk = AgentDesk(
            stores: stores, storage: storage, keys: keys, live: live, health: health,
            events: StoredEvents(store: database, logger: logger), replica: replica, logger: logger)
        gateway = Gateway(
            agents: database, reception: desk, live: live, settings: settings.gateway,
            proxies: ClientAddress(trustedProxies: settings.trustedProxies), logger: logger)
        certificates = try settings.certificate.map { try CertificateFiles(certificate: $0.chain, key: $0.key) }
    }

    var link: any AgentLink { desk }

    /// The port's protocol.
    var http: HTTPServerBuilder {
        let (gateway, certificates) = (gateway, certificates)
        return HTTPServerBuilder { GatewayChannel(gateway: gateway, certificates: certificates, responder: $0) }
    }

    func addStoreRoutes(to router: Router<ServerContext>) {
        StoreRoutes(storage: storage, links: links, logger: logger).add(to: router)
    }

    var services: [any Service] {
        let (gateway, desk, database) = (gateway, desk, database)
        return [
            UntilShutdown { await desk.dispatcher.run() },
            UntilShutdown { await desk.listener.run(database.sql.wakeUps()) },
            UntilShutdown { await gateway.run() },
            UntilShutdown { await watchCertificates() },
        ]
    }

    func close() async { await storage.close() }

    /// Certificates are renewed while we run.
    private func watchCertificates() async {
        while !Task.isCancelled {
            do {
                if try certificates?.reloadIfChanged() == true { logger.notice("there is a new certificate") }
            } catch {
                logger.error("the new certificate can't be used; the old one stays", error: error)
            }
            do { try await Task.sleep(for: .seconds(30)) } catch { return }
        }
    }
}

/// A loop that ends when the server does.
private struct UntilShutdown: Service {
    let body: @Sendable () async -> Void

    init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

    func run() async throws { await cancelWhenGracefulShutdown { await body() } }
}
