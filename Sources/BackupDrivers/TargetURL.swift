package import BackupCore

extension DriverRegistry {
    /// The driver for a target of a configuration.
    ///
    /// Everything in it is data: each value is encoded, so that none becomes another part of a URL, and from there on
    /// it is treated as a person's. Variables of our own environment that would change where it leads (`PGHOST`) are
    /// left out.
    /// - Parameters:
    ///   - password: what ``Target/password`` leads to; nil for none.
    ///   - dockerSocket: of the engine, for ``Target/Strategy/dockerExec``.
    /// - Throws: ``DriverError``.
    package static func driver(
        for target: Target, password: Secret?, environment: [String: String], dockerSocket: String
    ) throws(DriverError) -> any DatabaseDriver {
        let names: Set = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"]
        let neutral = environment.filter {
            names.contains($0.key) || $0.key.hasPrefix("LC_") || $0.key.hasPrefix("SSL_CERT_")
        }
        let url = try TargetURL(target, password: password).text()
        guard target.strategy == .dockerExec else { return try driver(for: url.revealed, environment: neutral) }
        let container = try ContainerReference(target.containerID, socket: dockerSocket)
        return try driver(for: url.revealed, environment: neutral, container: container)
    }
}

/// A target as the URL that a person would have written for it.
struct TargetURL: Sendable {
    private let target: Target
    private let password: Secret?

    init(_ target: Target, password: Secret?) {
        self.target = target
        self.password = password
    }

    /// - Throws: ``DriverError/invalidURL(reason:)``, ``DriverError/unknownScheme(_:)``.
    func text() throws(DriverError) -> Secret {
        guard let engine = target.engine else { throw .unknownScheme("unknown") }
        let values = [target.host, target.database, target.username, password?.revealed ?? ""]
        guard values.allSatisfy({ !$0.utf8.contains(0) }) else { throw .invalidURL(reason: "a value has a NUL byte") }
        guard (0...65535).contains(target.port) else { throw .invalidURL(reason: "its port is not one") }
        switch engine {
        case .postgresql: return Secret(try postgreSQL())
        case .mysql, .mariadb:
            let socket = target.strategy == .unixSocket ? "?socket=" + Self.encoded(try path(of: "socket")) : ""
            return Secret(
                "\(engine.rawValue)://\(credentials)\(try authority())/\(Self.encoded(target.database))\(socket)")
        case .mongodb: return Secret(try mongoDB())
        case .redis:
            if target.strategy == .unixSocket {
                // Two slashes would be the beginning of a host, so there is one: the path's own.
                return Secret("redis+unix://\(credentials)\(Self.encoded(try path(of: "socket"), keeping: "/"))")
            }
            // A dump is of all databases, whatever the number says.
            return Secret("redis://\(credentials)\(try authority())")
        case .sqlite:
            guard target.strategy != .dockerExec else { throw .unsupportedOption("DOCKER_EXEC", engine: "SQLite") }
            guard target.database.hasPrefix("/") else {
                throw .invalidURL(reason: "a SQLite file is given by its absolute path")
            }
            return Secret("sqlite://" + Self.encoded(target.database, keeping: "/"))
        }
    }

    /// libpq's keywords and values, where a host may be a directory.
    private func postgreSQL() throws(DriverError) -> String {
        var values = [("dbname", target.database), ("user", target.username), ("password", password?.revealed ?? "")]
        var port = target.port
        switch target.strategy {
        case .tcp: values.append(("host", try host()))
        case .unixSocket:
            var path = try path(of: "socket")
            // libpq wants the directory; the port is in the socket's name.
            if let match = path.wholeMatch(of: /(.*)\/\.s\.PGSQL\.(\d{1,5})/) {
                path = match.1.isEmpty ? "/" : String(match.1)
                port = Int(match.2) ?? port
            }
            values.append(("host", path))
        case .dockerExec: break
        }
        if port != 0 { values.append(("port", "\(port)")) }
        return values.filter { !$0.1.isEmpty }.map { name, value in
            "\(name)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
        }
        .joined(separator: " ")
    }

    /// Users are looked up in `admin`, where MongoDB's image and most administrators make them.
    private func mongoDB() throws(DriverError) -> String {
        let place = target.strategy == .unixSocket ? Self.encoded(try path(of: "socket")) : try authority()
        let source = target.username.isEmpty ? "" : "?authSource=admin"
        return "mongodb://\(credentials)\(place)/\(Self.encoded(target.database))\(source)"
    }

    /// `user:password@`, or nothing.
    private var credentials: String {
        let password = password.map { $0.revealed.isEmpty ? "" : ":" + Self.encoded($0.revealed) } ?? ""
        return target.username.isEmpty && password.isEmpty ? "" : "\(Self.encoded(target.username))\(password)@"
    }

    /// `host:port` of TCP. A container's own tools need neither; MySQL's then take the socket.
    private func authority() throws(DriverError) -> String {
        let port = target.port == 0 ? "" : ":\(target.port)"
        switch target.strategy {
        case .unixSocket: return ""
        case .dockerExec: return [.mysql, .mariadb].contains(target.engine) ? "" : "127.0.0.1" + port
        case .tcp:
            let host = try host()
            return (host.contains(":") ? "[\(host)]" : Self.encoded(host)) + port
        }
    }

    /// - Throws: for what is no host's name and no address: a list, a path, an option.
    private func host() throws(DriverError) -> String {
        let host = target.host
        guard !host.isEmpty else { throw .invalidURL(reason: "it names no host") }
        guard host.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,254}|[0-9A-Fa-f:.]{2,45}/) != nil else {
            throw .invalidURL(reason: "its host is neither a name nor an address")
        }
        return host
    }

    private func path(of what: String) throws(DriverError) -> String {
        guard target.host.hasPrefix("/") else {
            throw .invalidURL(reason: "its \(what) is not given by its absolute path")
        }
        return target.host
    }

    private static func encoded(_ text: String, keeping kept: String = "") -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isPlain || "-_.~".unicodeScalars.contains(scalar) || kept.unicodeScalars.contains(scalar) {
                return String(scalar)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        .joined()
    }
}
