import BackupCore
import BackupDiscovery
import Testing

@Suite struct TargetSuggestionTests {
    private static func target(_ engine: DatabaseEngine, _ names: [String], label: String = "") -> Target? {
        let facts = ContainerFacts(id: "1f", name: "shop-db-1", image: "x", environmentNames: names)
        return TargetSuggestion.targets(
            for: DiscoveredDatabase(container: facts, engine: engine, evidence: .image, database: label)
        ).first
    }

    private static let cases: [(DatabaseEngine, [String], user: String, password: String, database: String)] = [
        (.postgresql, ["POSTGRES_PASSWORD"], "postgres", "POSTGRES_PASSWORD", ""),
        (
            .postgresql, ["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"], "container-env:POSTGRES_USER",
            "POSTGRES_PASSWORD", ""
        ),
        (
            .postgresql, ["POSTGRESQL_PASSWORD", "POSTGRESQL_USERNAME", "POSTGRESQL_DATABASE"],
            "container-env:POSTGRESQL_USERNAME", "POSTGRESQL_PASSWORD", "container-env:POSTGRESQL_DATABASE"
        ),
        (.postgresql, ["POSTGRESQL_PASSWORD", "POSTGRESQL_DATABASE"], "postgres", "POSTGRESQL_PASSWORD", ""),
        (
            .postgresql, ["POSTGRESQL_PASSWORD", "POSTGRESQL_POSTGRES_PASSWORD"], "postgres",
            "POSTGRESQL_POSTGRES_PASSWORD", ""
        ),
        (.postgresql, ["POSTGRES_HOST_AUTH_METHOD", "POSTGRES_USER"], "container-env:POSTGRES_USER", "", ""),
        (.mysql, ["MYSQL_ROOT_PASSWORD", "MYSQL_USER", "MYSQL_PASSWORD"], "root", "MYSQL_ROOT_PASSWORD", ""),
        (
            .mysql, ["MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_DATABASE"],
            "container-env:MYSQL_USER", "MYSQL_PASSWORD", "container-env:MYSQL_DATABASE"
        ),
        (.mariadb, ["MARIADB_ROOT_PASSWORD"], "root", "MARIADB_ROOT_PASSWORD", ""),
        (.mariadb, ["MYSQL_ROOT_PASSWORD"], "root", "MYSQL_ROOT_PASSWORD", ""),
        (.mariadb, ["MARIADB_ALLOW_EMPTY_ROOT_PASSWORD"], "root", "", ""),
        (
            .mongodb, ["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"],
            "container-env:MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD", ""
        ),
        (.mongodb, [], "", "", ""),
        (.redis, ["REDIS_PASSWORD"], "", "REDIS_PASSWORD", ""),
        (.redis, [], "", "", ""),
    ]

    @Test(arguments: 0..<cases.count) func loginsAreReferences(_ number: Int) throws {
        let (engine, names, user, password, database) = Self.cases[number]
        let target = try #require(Self.target(engine, names))
        #expect(target.strategy == .dockerExec && target.containerID == "shop-db-1" && target.engine == engine)
        #expect(target.username == user && target.database == database, "\(names)")
        #expect(target.password == (password.isEmpty ? .none : .containerEnvironment(name: password)))
    }

    @Test func theOwnersLabelNamesTheDatabase() throws {
        #expect(Self.target(.postgresql, ["POSTGRES_PASSWORD"], label: "shop")?.database == "shop")
    }

    @Test func waysOverTheNetworkFollow() {
        var facts = ContainerFacts(
            id: "1f", name: "db", image: "x", publishedPorts: [.init(container: 5432, host: 15432, protocol: "tcp")],
            networks: ["shop_default"])
        func ways(_ facts: ContainerFacts, port: Int? = nil) -> [String] {
            TargetSuggestion.targets(
                for: DiscoveredDatabase(
                    container: facts, engine: .postgresql, evidence: .image, database: "", port: port)
            ).map { "\($0.strategy) \($0.host):\($0.port)" }
        }
        #expect(ways(facts) == ["dockerExec :0", "tcp db:5432", "tcp 127.0.0.1:15432"])
        #expect(ways(facts, port: 7777) == ["dockerExec :0", "tcp db:7777"])
        // Docker's own network has no names.
        facts.networks = ["bridge"]
        facts.publishedPorts = []
        #expect(ways(facts) == ["dockerExec :0"])
        facts.networks = ["host"]
        #expect(ways(facts) == ["dockerExec :0", "tcp 127.0.0.1:5432"])
    }
}
