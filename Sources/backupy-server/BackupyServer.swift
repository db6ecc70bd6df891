internal import ArgumentParser
internal import BackupCore
internal import BackupServer
internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// `backupy-server`: the control plane.
@main
struct BackupyServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backupy-server",
        abstract: "Serves the API and the agents on one port.",
        discussion: """
            With no arguments it keeps everything in ./backupy-data and listens on 127.0.0.1:8080. Each option has a variable: \
            --data-dir is BACKUPY_DATA_DIR. Until somebody has an account, each start prints a token that \
            makes the owner's, with 'backupy setup'.
            """,
        version: ServerVersion.line)

    @Option(help: "Where to listen: HOST:PORT.")
    var listen: String?

    @Option(help: "postgres://…, or the path of SQLite's file. A password belongs into BACKUPY_DATABASE_URL.")
    var database: String?

    @Option(help: "Where the embedded database, the store and the master key are.")
    var dataDir: String?

    @Option(help: "How people and agents reach the server: https://backup.example.com")
    var publicURL: String?

    @Option(help: "How agents reach it, where that is another way than people's.")
    var agentURL: String?

    @Option(help: "The certificate, in PEM, with those between it and the authority. It is read again when it changes.")
    var tlsCert: String?

    @Option(help: "The certificate's key, in PEM.")
    var tlsKey: String?

    @Option(
        help: "A proxy whose X-Forwarded-For counts: an address, or a range such as 10.0.0.0/8. May be given again.")
    var trustedProxy: [String] = []

    @Option(help: "trace, debug, info, notice, warning or error.")
    var logLevel: String?

    /// What has a code has a hint, too; anything else is told of by the parser.
    func run() async throws {
        do {
            try await serve()
        } catch let error as any BackupError {
            LineWriter(descriptor: STDERR_FILENO).write("error: \(error.message)\n  \(error.hint)\n")
            throw ExitCode.failure
        }
    }

    private func serve() async throws {
        let environment = ProcessInfo.processInfo.environment
        let settings = try settings(environment)
        let words = logLevel ?? environment["BACKUPY_LOG_LEVEL"] ?? "info"
        guard let level = Logger.Level(rawValue: words) else { throw ValidationError("no such log level: \(words)") }
        let logger = Logger(label: "backupy-server") { _ in ServerLogHandler(level: level) }
        let server = try await Server(settings, logger: logger)
        if let token = try await server.setupToken() {
            // The only place where it is ever shown; it is no line of the log.
            LineWriter().write(
                """
                Nobody has an account yet. Make the owner's in a browser, by this link, which is good once:
                  \(settings.publicURL)/setup#\(token.revealed)
                or with the token \(token.revealed), by hand:
                  backupy setup \(settings.publicURL)

                """)
        }
        var configuration = ServiceGroupConfiguration(
            services: [ServerService(server: server, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // Connections that do not end by themselves are ended then.
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        let group = ServiceGroup(configuration: configuration)
        try await group.run()
    }

    /// Of lists with commas.
    private static func ranges(_ lists: [String]) throws -> [AddressRange] {
        try lists.flatMap { $0.split(separator: ",") }.map { text in
            guard let range = AddressRange(String(text)) else { throw ValidationError("no address or range: \(text)") }
            return range
        }
    }

    private func certificate(_ environment: [String: String]) throws -> (chain: String, key: String)? {
        let files = [tlsCert ?? environment["BACKUPY_TLS_CERT"], tlsKey ?? environment["BACKUPY_TLS_KEY"]]
            .compactMap { $0 }.filter { !$0.isEmpty }
        if files.count == 1 { throw ValidationError("--tls-cert and --tls-key belong together") }
        return files.isEmpty ? nil : (files[0], files[1])
    }

    private func settings(_ environment: [String: String]) throws -> ServerSettings {
        let listen = listen ?? environment["BACKUPY_LISTEN"] ?? "127.0.0.1:8080"
        guard let match = listen.wholeMatch(of: /(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]*):([0-9]{1,5})/),
            let port = Int(match.2), port <= 65535
        else { throw ValidationError("--listen wants HOST:PORT") }
        let host = match.1.isEmpty ? "0.0.0.0" : String(match.1.filter { $0 != "[" && $0 != "]" })
        let folder = dataDir ?? environment["BACKUPY_DATA_DIR"] ?? "backupy-data"
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw CoreError.systemCall("mkdir", on: folder, errno: errno)
        }
        let publicURL = publicURL ?? environment["BACKUPY_PUBLIC_URL"] ?? ""
        let certificate = try certificate(environment)
        if certificate != nil, publicURL.lowercased().hasPrefix("http:") {
            throw ValidationError("--public-url wants https:// where there is a certificate: \(publicURL)")
        }
        var settings = ServerSettings(
            host: host, port: port,
            database: Secret(database ?? environment["BACKUPY_DATABASE_URL"] ?? "\(folder)/control.db"),
            dataDirectory: folder, publicURL: publicURL,
            agentURL: agentURL ?? environment["BACKUPY_AGENT_URL"] ?? "", certificate: certificate,
            trustedProxies: try Self.ranges(trustedProxy + [environment["BACKUPY_TRUSTED_PROXY"] ?? ""]))
        settings.environment = environment
        settings.deliveryNetworks = try Self.ranges([environment["BACKUPY_DELIVERY_NETWORKS"] ?? ""])
        if let limit = environment["BACKUPY_REQUESTS_PER_MINUTE"].flatMap({ Int($0) }) {
            settings.limits.requestsPerMinute = limit
            settings.limits.pagesPerMinute = max(settings.limits.pagesPerMinute, limit)
        }
        if let limit = environment["BACKUPY_LOGINS_PER_MINUTE"].flatMap({ Int($0) }) {
            settings.limits.loginsPerMinute = limit
        }
        return settings
    }
}

private struct ServerService: Service {
    let server: Server
    let logger: Logger

    func run() async throws {
        try await server.run { port in logger.info("listening", metadata: ["port": "\(port)"]) }
    }
}
