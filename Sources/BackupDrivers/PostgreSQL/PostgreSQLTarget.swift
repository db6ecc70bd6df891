internal import BackupCore
internal import CPostgreSQL
internal import Glibc

/// Which database, and how it is reached: what libpq made of a URL or a connection string.
///
/// Parameters that the text doesn't have come from libpq's environment variables and from `~/.pgpass`, as with psql.
/// Source: PostgreSQL's documentation, chapter "Connection Strings".
struct PostgreSQLTarget: Sendable {
    /// libpq's keywords and values, the password among them.
    private let parameters: [String: String]
    /// The database's name; nil for all of the server.
    let name: String?
    let host: String
    /// From the text; nil where libpq finds it by itself.
    let password: Secret?

    /// - Parameter text: `postgres://…`, `postgresql://…` or `host=… dbname=…`.
    /// - Throws: ``DriverError/invalidURL(reason:)``, ``DriverError/unsafeParameter(_:)``.
    init(_ text: String, environment: [String: String], place: any ToolPlace) throws(DriverError) {
        var parameters = try Self.parse(text)
        var found = parameters
        if let service = parameters["service"] ?? environment["PGSERVICE"], !service.isEmpty {
            guard place.sharesFiles else {
                throw .invalidURL(reason: "a service is of this machine, not of a container")
            }
            found = try PostgreSQLService.expanded(parameters, service: service)
            parameters["service"] = service
        }
        parameters["password"] = nil
        password = found["password"].map { Secret($0) }
        let name = found["dbname"] ?? environment["PGDATABASE"] ?? ""
        self.name = name.isEmpty ? nil : name
        // Every server has this one, for whoever has business with the server.
        parameters["dbname"] = self.name ?? "postgres"
        self.parameters = parameters
        let host = found["host"] ?? found["hostaddr"] ?? environment["PGHOST"] ?? ""
        let first = host.split(separator: ",").first.map(String.init) ?? ""
        self.host = first.isEmpty || first.hasPrefix("/") ? place.host : first
    }

    private init(_ parameters: [String: String], host: String, password: Secret?) {
        self.parameters = parameters
        name = parameters["dbname"]
        self.host = host
        self.password = password
    }

    /// The database to connect to.
    var database: String { parameters["dbname"] ?? "postgres" }

    /// Another database of the same server.
    func with(database: String) -> PostgreSQLTarget {
        PostgreSQLTarget(parameters.merging(["dbname": database]) { $1 }, host: host, password: password)
    }

    /// For libpq's own connections.
    /// - Parameter other: another database of the same server.
    func connectionParameters(database other: String? = nil) -> [(String, String)] {
        var all = parameters
        all["dbname"] = other ?? database
        all["password"] = password?.revealed
        all["fallback_application_name"] = all["fallback_application_name"] ?? "backupy"
        return all.sorted { $0.key < $1.key }
    }

    /// For a tool's `--dbname=`: without the password. Every value is quoted, so none of them becomes another
    /// parameter.
    var connectionString: String {
        parameters.sorted { $0.key < $1.key }.map { keyword, value in
            "\(keyword)='\(value.replacingBytes("\\", with: "\\\\").replacingBytes("'", with: "\\'"))'"
        }
        .joined(separator: " ")
    }

    private static func parse(_ text: String) throws(DriverError) -> [String: String] {
        guard !text.utf8.contains(0) else { throw .invalidURL(reason: "it has a NUL byte") }
        var failure: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &failure) else {
            defer { PQfreemem(failure) }
            // libpq's words quote the text, and there may be a password in that.
            let words = failure.map { LastWords.sentence(String(cString: $0)) } ?? "not enough memory"
            let mayHoldPassword = text.utf8.contains("@".utf8) || text.utf8.contains("pass".utf8)
            throw .invalidURL(reason: mayHoldPassword ? "libpq does not accept it" : words)
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        for (name, option) in values(of: options) {
            // Only the password has an environment variable, and argv is read by every user with ps(1).
            if option.isSecret, name != "password" { throw .unsafeParameter(name) }
            parameters[name] = option.value
        }
        return parameters
    }

    /// libpq's list, without what has no value.
    static func values(
        of options: UnsafeMutablePointer<PQconninfoOption>
    ) -> [String: (value: String, isSecret: Bool)] {
        var values: [String: (String, Bool)] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                // `*` marks secrets.
                let isSecret = option.pointee.dispchar.map { String(cString: $0) } == "*"
                values[String(cString: keyword)] = (String(cString: value), isSecret)
            }
            option += 1
        }
        return values
    }
}
