import BackupControl
import BackupCore
import Foundation
import Testing

/// Which targets are what an agent has found.
@Suite struct CoverageTests {
    private static func container(
        _ name: String, _ engine: String = "postgresql", id: String = String(repeating: "a1", count: 32),
        published: (UInt32, UInt32)? = nil, ways: [(String, Int)] = [], files: [String] = []
    ) -> FoundContainer {
        var container = FoundContainer(id: id, name: name, engine: engine)
        container.ports = published.map { [.init(container: $0.0, host: $0.1, protocol: "tcp")] } ?? []
        container.suggestions =
            ways.map { host, port in
                var way = SuggestedTarget(name: name, engine: engine)
                (way.host, way.port) = (host, port)
                return way
            }
            + files.map { file in
                var way = SuggestedTarget(name: file, engine: engine)
                way.database = file
                return way
            }
        return container
    }

    private static func target(
        _ engine: DatabaseEngine, host: String = "", port: Int = 0, database: String = "", container: String = ""
    ) -> TargetRecord {
        TargetRecord(
            id: .init("target-1"), agentID: .init("agent-1"), name: "t", engine: engine, host: host, port: port,
            database: database, containerID: container, createdAt: Date(timeIntervalSince1970: 0))
    }

    private static let database = container("db", published: (5432, 15432), ways: [("pg.internal", 5433)])
    private static let service = container("shop-main-db-1")

    private static let cases: [(FoundContainer, TargetRecord, Bool)] = [
        (database, target(.postgresql, container: "db"), true),
        (database, target(.postgresql, container: "a1a1a1a1a1a1"), true),
        (database, target(.postgresql, container: String(repeating: "a1", count: 32)), true),
        (database, target(.postgresql, container: "a1"), false),
        (database, target(.postgresql, container: "other"), false),
        (database, target(.postgresql, host: "db", container: "other"), false),
        (database, target(.redis, container: "db"), false),
        (database, target(.postgresql, host: "db", port: 5432), true),
        (database, target(.postgresql, host: "DB"), true),
        (database, target(.postgresql, host: "db", database: "app"), true),
        (database, target(.postgresql, host: "127.0.0.1", port: 15432), true),
        (database, target(.postgresql, host: "host.docker.internal", port: 15432), true),
        (database, target(.postgresql, host: "127.0.0.1", port: 5432), false),
        (database, target(.postgresql, host: "127.0.0.1"), false),
        (database, target(.postgresql, host: "elsewhere", port: 15432), false),
        (database, target(.postgresql, host: "elsewhere", port: 5433), false),
        (database, target(.postgresql, host: "pg.internal", port: 5433), true),
        (database, target(.postgresql), false),
        (container("db", published: (5432, 5432)), target(.postgresql, host: "localhost"), true),
        (container("db", "mysql"), target(.mariadb, host: "db"), true),
        (container("db", "mariadb"), target(.mysql, container: "db"), true),
        (service, target(.postgresql, host: "db"), true),
        (service, target(.postgresql, host: "main-db", port: 5432), true),
        (service, target(.postgresql, host: "shop"), false),
        (service, target(.postgresql, container: "db"), false),
        (container("shop_db_1"), target(.postgresql, host: "db"), true),
        (container("shop-db"), target(.postgresql, host: "db"), false),
        (container("app", "sqlite", files: ["/v/a.db"]), target(.sqlite, database: "/v/a.db"), true),
        (container("app", "sqlite", files: ["/v/a.db"]), target(.sqlite, database: "/v/b.db"), false),
    ]

    @Test(arguments: 0..<cases.count) func aTargetAndWhatWasFoundOfItCountOnce(_ number: Int) {
        let (container, target, isOne) = Self.cases[number]
        #expect(FoundDatabase.all(in: [container]).map { $0.isReached(by: target) } == [isOne], "\(target)")
        #expect(Coverage.untargeted([container], targets: [target]) == (isOne ? 0 : 1))
    }

    @Test func everyDatabaseThatIsNoTargetCounts() {
        let found = [Self.database, Self.container("cache", "redis"), Self.container("new", "an engine of tomorrow")]
        #expect(Coverage.untargeted([], targets: [Self.target(.redis, host: "cache")]) == 0)
        #expect(Coverage.untargeted(found, targets: []) == 3)
        let two = [Self.target(.postgresql, host: "db", database: "a"), Self.target(.postgresql, container: "db")]
        #expect(Coverage.untargeted(found, targets: two) == 2, "two targets are in one container")
        #expect(Coverage.untargeted(found, targets: two + [Self.target(.redis, host: "cache")]) == 1)
    }

    @Test func eachFileIsADatabase() {
        let app = Self.container("app", "sqlite", files: ["/v/a.db", "/v/b.db", "/v/c.db"])
        let targets = [Self.target(.sqlite, database: "/v/b.db")]
        #expect(Coverage.untargeted([app], targets: targets) == 2)
        #expect(FoundDatabase.all(in: [app]).map(\.suggestion) == [0, 1, 2])
        #expect(FoundDatabase.all(in: [app]).map(\.name) == ["/v/a.db", "/v/b.db", "/v/c.db"])
        #expect(Coverage.untargeted([Self.container("app", "sqlite")], targets: []) == 1, "an old agent names none")
    }

    /// To say "protected" of one that isn't would be worse than the other way round.
    @Test func aNameThatTwoHaveIsTheContainersOrNobodys() {
        let found = [Self.container("shop-db-1", id: "1"), Self.container("wiki-db-1", id: "2")]
        #expect(Coverage.untargeted(found, targets: [Self.target(.postgresql, host: "db")]) == 2)
        #expect(Coverage.untargeted(found, targets: [Self.target(.postgresql, host: "wiki-db-1")]) == 1)
        let named = [found[0], Self.container("db", id: "2")]
        #expect(Coverage.untargeted(named, targets: [Self.target(.postgresql, host: "db")]) == 1)
        let others = [found[0], Self.container("wiki-db-1", "mysql", id: "2")]
        #expect(Coverage.untargeted(others, targets: [Self.target(.postgresql, host: "db")]) == 1)
    }
}
