package import BackupCore

/// Which driver a URL is for.
package enum DriverRegistry {
    /// - Parameters:
    ///   - url: `postgres://…`, `postgresql://…`, libpq's `host=… dbname=…`; `mysql://…`, `mariadb://…`; `sqlite:///PATH`.
    ///   - environment: of this process.
    ///   - container: the container whose tools are to be used, as the database's own; nil for this machine's tools.
    /// - Throws: ``DriverError`` for what is none of them.
    package static func driver(
        for url: String, environment: [String: String], container: ContainerReference? = nil
    ) throws(DriverError) -> any DatabaseDriver {
        let place: any ToolPlace = container.map { ContainerTools($0) } ?? LocalTools(environment: environment)
        // Our own variables are about this machine's servers.
        let environment = container == nil ? environment : environment.filter { ["TMPDIR"].contains($0.key) }
        guard let colon = url.firstIndex(of: ":"), url[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "+" })
        else {
            // A connection string's first word is a keyword and an equals sign.
            guard url.prefixMatch(of: /\s*[a-z_]+\s*=/) != nil else {
                throw .invalidURL(reason: "it has no scheme")
            }
            return try PostgreSQLDriver.named(url, environment: environment, in: place)
        }
        switch url[..<colon].lowercased() {
        case "postgres", "postgresql": return try PostgreSQLDriver.named(url, environment: environment, in: place)
        case "mysql", "mariadb": return try MySQLDriver(url, environment: environment, in: place)
        case "redis", "rediss", "redis+unix", "valkey", "valkeys", "valkey+unix":
            return try RedisDriver(url, environment: environment, in: place)
        case "mongodb", "mongodb+srv":
            return try MongoDriver(url, environment: environment, in: place)
        case "rdb":
            if container != nil { throw .unsupportedOption("--container", engine: "an RDB file") }
            return try RDBFileDriver(url)
        case "sqlite":
            if container != nil { throw .unsupportedOption("--container", engine: "SQLite") }
            return try SQLiteDriver(url: url, environment: environment)
        case let scheme: throw .unknownScheme(scheme)
        }
    }
}
