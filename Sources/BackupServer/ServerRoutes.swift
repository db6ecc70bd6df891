internal import BackupControl
internal import BackupControlStore

/// All routes, with what each group works on.
struct ServerRoutes {
    let database: ControlDatabase
    let keys: MasterKeys
    let agents: AgentSide
    let hub: EventHub
    let metrics: ServerMetrics
    let firstStart: FirstStart
    let passwords: PasswordHasher
    let sender: ChannelSender
    let settings: ServerSettings

    var table: EndpointTable { EndpointTable([meta, people, resources, watching]) }

    private var meta: [Endpoint] {
        MetaRoutes(database: database, metrics: metrics).endpoints
            + EventRoutes(
                store: database, hub: hub, listenerCheck: settings.limits.listenerCheck
            ).endpoints
    }

    private var people: [Endpoint] {
        let secondFactor = SecondFactor(store: database, sealed: keys)
        let account = AccountRoutes(
            firstStart: firstStart,
            logins: LoginService(store: database, hasher: passwords, secondFactor: secondFactor),
            accounts: AccountService(store: database, hasher: passwords), secondFactor: secondFactor,
            isSecure: settings.isSecure)
        return account.endpoints + TokenRoutes(tokens: TokenService(store: database)).endpoints
            + AuditRoutes(store: database).endpoints
    }

    private var resources: [Endpoint] {
        let link = agents.link
        let stores = agents.stores
        return AgentRoutes(store: database, link: link).endpoints
            + TargetRoutes(agents: database, plans: database, link: link, keys: keys).endpoints
            + JobRoutes(stores: stores, link: link).endpoints
            + ProtectRoutes(stores: stores, link: link).endpoints
            + RunRoutes(
                stores: stores, link: link, storage: agents.storage, tokens: DecryptionTokens(keys: keys),
                retention: database
            ).endpoints
            + RetentionRoutes(plans: database, retention: database).endpoints
            + StorageRoutes(plans: database, storage: agents.storage, keys: keys).endpoints
    }

    private var watching: [Endpoint] {
        OverviewRoutes(store: database).endpoints
            + HealthRoutes(agents: database, checks: database, link: agents.link).endpoints
            + ChannelRoutes(channels: database, sender: sender, keys: keys).endpoints
            + StatusRoutes(
                status: database, checks: database, plans: database, publicURL: settings.publicURL
            ).endpoints
    }
}
