internal import BackupCore

/// Which MySQL or MariaDB server, and what of it.
struct MySQLTarget: Sendable {
    /// How the connection is protected; the names are those of MySQL's own URIs.
    enum Encryption: String, Sendable {
        case disabled
        case preferred
        case required
        case verifyCA = "verify_ca"
        case verifyIdentity = "verify_identity"
    }

    /// nil for all of the server.
    let database: String?
    let host: String
    let password: Secret?
    private let user: String?
    private let port: Int
    private let socket: String?
    private let isLocal: Bool
    private let encryption: Encryption
    /// The client's option, and a file's path.
    private let files: [(option: String, path: String)]

    /// - Parameter text: `mysql://user@host:port/database`, `mariadb://…`; `?socket=PATH` for a Unix socket, `ssl-mode`,
    ///   `ssl-ca`, `ssl-cert` and `ssl-key` for TLS. The password may stand in the URL or in `MYSQL_PWD`.
    /// - Throws: ``DriverError/invalidURL(reason:)``.
    init(_ text: String, environment: [String: String], place: any ToolPlace) throws(DriverError) {
        let files = ["ssl-ca", "ssl-cert", "ssl-key"]
        let url = try ConnectionURL(text, parameters: Set(files + ["socket", "ssl-mode"]))
        database = url.path.isEmpty ? nil : url.path
        user = url.user
        password = url.password ?? environment["MYSQL_PWD"].map { Secret($0) }
        socket = url.parameters["socket"]
        // In a container, a URL without a host means the socket that its tools know.
        isLocal = socket != nil || (url.host == nil && !place.sharesFiles)
        host = isLocal ? place.host : url.host ?? "127.0.0.1"
        port = url.port ?? 3306
        let mode = url.parameters["ssl-mode"]?.lowercased().replacing("-", with: "_")
        guard let encryption = mode.map({ Encryption(rawValue: $0) }) ?? .preferred else {
            throw .invalidURL(reason: "ssl-mode is disabled, preferred, required, verify_ca or verify_identity")
        }
        self.encryption = encryption
        self.files = files.compactMap { name in url.parameters[name].map { (name, $0) } }
    }

    /// How the database is called in messages and keys.
    var name: String { database ?? "all-databases" }

    /// The option file for a client of `flavour`. The password goes in here, because argv is everyone's.
    func settings(for flavour: DatabaseEngine) -> String {
        let password = password.map { [("password", $0.revealed)] } ?? []
        let lines = (options + password).map { "\($0.0)=\(Self.quoted($0.1))" }
        return (["[client]"] + lines + encryptionLines(for: flavour)).joined(separator: "\n") + "\n"
    }

    /// The same as arguments, without the password.
    func arguments(for flavour: DatabaseEngine) -> [String] {
        options.map { "--\($0.0)=\($0.1)" } + encryptionLines(for: flavour).map { "--\($0)" }
    }

    private var options: [(String, String)] {
        var options = files.map { ($0.option, $0.path) }
        if let user { options.append(("user", user)) }
        if isLocal {
            options.append(("protocol", "socket"))
            if let socket { options.append(("socket", socket)) }
        } else {
            options += [("host", host), ("port", "\(port)"), ("protocol", "tcp")]
        }
        return options
    }

    private func encryptionLines(for flavour: DatabaseEngine) -> [String] {
        guard flavour == .mariadb else {
            return ["ssl-mode=\(encryption.rawValue.uppercased())"]
        }
        switch encryption {
        case .disabled: return ["skip-ssl"]
        // From 11.4 on, MariaDB's clients verify by default, and can, without a CA, only where there is a password.
        case .preferred: return ["loose-skip-ssl-verify-server-cert"]
        // MariaDB's clients fall back to plain text unless they verify, and check the chain and the name together.
        case .required, .verifyCA, .verifyIdentity: return ["ssl", "ssl-verify-server-cert"]
        }
    }

    /// In double quotes, so that `#`, `;` and spaces are data (MySQL's manual, "Using Option Files").
    private static func quoted(_ value: String) -> String {
        let escapes: [(String, String)] = [
            ("\\", "\\\\"), ("\"", "\\\""), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"),
        ]
        return "\"" + escapes.reduce(value) { $0.replacingBytes($1.0, with: $1.1) } + "\""
    }
}
