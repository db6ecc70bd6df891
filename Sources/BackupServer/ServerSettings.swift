package import BackupCore

/// What the server is started with.
package struct ServerSettings: Sendable {
    package var host: String
    /// 0 lets the system choose one.
    package var port: Int
    /// `postgres://…`, or the path of SQLite's file.
    package var database: Secret
    /// Where the embedded store and the master key are.
    package var dataDirectory: String
    /// How people reach the server, and agents, if no other way is named: `https://backup.example.com`.
    package var publicURL: String
    /// How agents reach it, also for what they store in it.
    package var agentURL: String
    package var trustedProxies: [AddressRange]
    package var limits: APILimits
    /// Of connections, those of agents and all others.
    package var gateway = GatewaySettings()
    /// PEM files; nil for plain HTTP, behind a proxy or on the same host.
    package var certificate: (chain: String, key: String)?
    /// Networks of this server's own into which notices may go.
    package var deliveryNetworks: [AddressRange] = []
    /// Whether each answer is held against its schema: for tests.
    package var checksAnswers = false
    package var environment: [String: String] = [:]

    package init(
        host: String = "127.0.0.1", port: Int = 8080, database: Secret, dataDirectory: String, publicURL: String = "",
        agentURL: String = "", certificate: (chain: String, key: String)? = nil, trustedProxies: [AddressRange] = [],
        limits: APILimits = APILimits()
    ) {
        self.host = host
        self.port = port
        self.database = database
        self.dataDirectory = dataDirectory
        self.certificate = certificate
        let scheme = certificate == nil ? "http" : "https"
        self.publicURL = publicURL.isEmpty ? "\(scheme)://\(Self.shown(host)):\(port)" : publicURL
        self.agentURL = agentURL.isEmpty ? self.publicURL : agentURL
        self.trustedProxies = trustedProxies
        self.limits = limits
    }

    /// Where it listens, as part of a URL. By all addresses: those of this machine alone are known.
    private static func shown(_ host: String) -> String {
        if ["0.0.0.0", "::"].contains(host) { return "localhost" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// Whether people come by TLS: their cookies go no other way then.
    var isSecure: Bool { publicURL.lowercased().hasPrefix("https://") }
}
