package import BackupCore

/// Which driver a URL is for.
package enum DriverRegistry {
    /// - Parameters:
    ///   - url: `postgres://…`, `postgresql://…`, libpq's `host=… dbname=…`; `mysql://…`, `mariadb://…`; `sqlite:///PATH`.
    ///   - environment: of this process.
    /// - Throws: ``DriverError`` for what is none of them.
    package static func driver(for url: String, environment: [String: String]) throws(DriverError) -> any DatabaseDriver
    {
        guard let colon = url.firstIndex(of: ":"), url[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "+" })
        else {
            // A connection string's first word is a keyword and an equals sign.
            guard url.prefixMatch(of: /\s*[a-z_]+\s*=/) != nil else {
                throw .invalidURL(reason: "it has no scheme")
            }
            return try PostgreSQLDriver.named(url, environment: environment)
        }
        switch url[..<colon].lowercased() {
        case "postgres", "postgresql": return try PostgreSQLDriver.named(url, environment: environment)
        case "mysql", "mariadb": return try MySQLDriver(url, environment: environment)
        case "sqlite": return try SQLiteDriver(url: url, environment: environment)
        case let scheme: throw .unknownScheme(scheme)
        }
    }
}
