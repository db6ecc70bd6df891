internal import BackupCore

/// Which Redis or Valkey server.
struct RedisTarget: Sendable {
    let host: String
    /// What it is called in messages and keys.
    let name: String
    let password: Secret?
    /// For redis-cli; no secret in them.
    let arguments: [String]

    private static let files = [("tls_ca_file", "--cacert"), ("tls_cert_file", "--cert"), ("tls_key_file", "--key")]

    /// - Parameter text: `redis://user:password@host:port`, `rediss://…` for TLS with `tls_ca_file`, `tls_cert_file` and
    ///   `tls_key_file`, `redis+unix:///socket`; the same with `valkey`. The password may stand in `REDISCLI_AUTH` instead.
    /// - Throws: ``DriverError/invalidURL(reason:)``.
    init(_ text: String, environment: [String: String], place: any ToolPlace) throws(DriverError) {
        let url = try ConnectionURL(text, parameters: Set(Self.files.map(\.0)))
        var arguments: [String] = []
        if url.scheme.hasSuffix("+unix") {
            guard !url.path.isEmpty else { throw .invalidURL(reason: "it names no socket") }
            arguments += ["-s", "/" + url.path]
            host = place.host
            name = "redis"
        } else {
            // A dump is always of all databases, so a URL that asks for one of them asks for something else.
            guard ["", "0", "/"].contains(url.path) else {
                throw .invalidURL(reason: "a backup of Redis is of all its databases: leave the number away")
            }
            let port = url.port ?? 6379
            host = url.host ?? (place.sharesFiles ? "127.0.0.1" : place.host)
            arguments += ["-h", url.host ?? "127.0.0.1", "-p", "\(port)"]
            name = port == 6379 ? "redis" : "redis-\(port)"
        }
        if ["rediss", "valkeys"].contains(url.scheme) {
            arguments.append("--tls")
            if let host = url.host, host.contains(where: \.isLetter), !host.contains(":") {
                arguments += ["--sni", host]
            }
        }
        for (parameter, option) in Self.files {
            if let path = url.parameters[parameter] { arguments += [option, path] }
        }
        if let user = url.user, !user.isEmpty { arguments += ["--user", user] }
        self.arguments = arguments + ["--no-auth-warning"]
        password = url.password ?? environment["REDISCLI_AUTH"].map { Secret($0) }
    }
}
