internal import BackupCore

/// Which variables of a database's image hold its login. Their values are read by nobody here.
struct CredentialRule: Sendable {
    enum Name: Sendable, Equatable {
        case fixed(String)
        /// The first of these variables that the container has; else the text behind them.
        case variable([String], else: String)
    }

    let password: String
    let user: Name
    /// Variables with the one database that this user may read; none where he may read all.
    var database: [String] = []

    /// Of images, the more powerful user first: he can back up all of the server.
    static func all(for engine: DatabaseEngine) -> [CredentialRule] {
        switch engine {
        case .postgresql: postgreSQL
        case .mysql: mySQL(["MYSQL", "MARIADB"])
        case .mariadb: mySQL(["MARIADB", "MYSQL"])
        case .mongodb: mongoDB
        case .redis:
            ["REDIS_PASSWORD", "VALKEY_PASSWORD", "KEYDB_PASSWORD"].map {
                CredentialRule(password: $0, user: .fixed(""))
            }
        case .sqlite: []
        }
    }

    private static let postgreSQL = [
        CredentialRule(password: "POSTGRESQL_POSTGRES_PASSWORD", user: .fixed("postgres")),
        CredentialRule(password: "POSTGRES_POSTGRES_PASSWORD", user: .fixed("postgres")),
        CredentialRule(password: "PGPASSWORD_SUPERUSER", user: .variable(["PGUSER_SUPERUSER"], else: "postgres")),
        CredentialRule(
            password: "POSTGRESQL_PASSWORD", user: .variable(["POSTGRESQL_USERNAME"], else: "postgres"),
            database: ["POSTGRESQL_DATABASE"]),
        CredentialRule(password: "POSTGRES_PASSWORD", user: .variable(["POSTGRES_USER"], else: "postgres")),
    ]

    private static func mySQL(_ prefixes: [String]) -> [CredentialRule] {
        let root = prefixes.map { CredentialRule(password: "\($0)_ROOT_PASSWORD", user: .fixed("root")) }
        let users = prefixes.map {
            CredentialRule(
                password: "\($0)_PASSWORD", user: .variable(["\($0)_USER"], else: ""), database: ["\($0)_DATABASE"])
        }
        return root + users
    }

    private static let mongoDB = [
        CredentialRule(
            password: "MONGO_INITDB_ROOT_PASSWORD", user: .variable(["MONGO_INITDB_ROOT_USERNAME"], else: "root")),
        CredentialRule(password: "MONGODB_ROOT_PASSWORD", user: .variable(["MONGODB_ROOT_USER"], else: "root")),
    ]

    /// Who is meant where no variable has a password: images let him in from inside of the container.
    static func user(of engine: DatabaseEngine, _ names: Set<String>) -> Name {
        switch engine {
        case .postgresql: .variable(["POSTGRES_USER"], else: "postgres")
        case .mysql, .mariadb: .fixed("root")
        case .mongodb, .redis, .sqlite: .fixed("")
        }
    }
}
