internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

/// Which server a command asks, and as whom.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The server. Default: BACKUPY_SERVER, or the one of 'backupy login'.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp("A file with an API token. Default: BACKUPY_TOKEN, or the login's.", valueName: "file"))
    var tokenFile: String?

    /// - Parameter caFile: PEM, for a server with a private CA.
    /// - Throws: ``RemoteError/notLoggedIn`` where neither an option, a variable nor a login says it.
    func login(caFile: String?) throws -> Login {
        let environment = ProcessInfo.processInfo.environment
        let stored = try LoginFile(environment: environment).read()
        let named = try (server ?? Self.variable("BACKUPY_SERVER", environment)).map { text throws(RemoteError) in
            try ServerAddress(text)
        }
        guard let address = named ?? stored?.server else { throw RemoteError.notLoggedIn }
        let known = stored.flatMap { $0.server == address ? $0 : nil }
        guard let token = try Self.token(tokenFile, environment) ?? known?.token else { throw RemoteError.notLoggedIn }
        let file = caFile ?? Self.variable("BACKUPY_CA_FILE", environment) ?? known?.caFile
        return Login(server: address, token: token, caFile: file)
    }

    /// The token of a file, or of the environment.
    static func token(_ file: String?, _ environment: [String: String]) throws -> Secret? {
        guard let file else { return variable("BACKUPY_TOKEN", environment).map { Secret($0) } }
        let text = String(decoding: try TextFile.read(file, limit: 4096), as: UTF8.self)
        return Secret(text.filter { !$0.isWhitespace })
    }

    /// Empty counts as not set.
    static func variable(_ name: String, _ environment: [String: String]) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The same for the commands that know nothing but a server.
struct RemoteOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions

    @Option(
        help: ArgumentHelp(
            "Trust the certificates in this PEM file instead of the system's. Default: BACKUPY_CA_FILE, or the login's.",
            valueName: "file"))
    var caFile: String?

    func withServer<R: Sendable>(_ body: (ServerClient) async throws -> R) async throws -> R {
        try await ServerClient.with(try server.login(caFile: caFile), body)
    }
}
