import BackupCore
import BackupWire
import Testing

@Suite struct DiscoveryCoverageTests {
    private static func container(_ name: String, _ type: String, port: (UInt32, UInt32)? = nil, file: String? = nil)
        -> DiscoveredContainer
    {
        var container = DiscoveredContainer()
        (container.id, container.name, container.databaseType) = (String(repeating: "a1", count: 32), name, type)
        container.ports = port.map { [.init(container: $0.0, host: $0.1, protocol: "tcp")] } ?? []
        container.suggestedTargets = file.map { [Target(id: "", engine: .sqlite, database: $0)] } ?? []
        return container
    }

    private static let database = container("db", "postgresql", port: (5432, 15432))

    private static let cases: [(DiscoveredContainer, Target, Bool)] = [
        (database, Target(id: "t", engine: .postgresql, containerID: "db", strategy: .dockerExec), true),
        (database, Target(id: "t", engine: .postgresql, containerID: "a1a1a1a1a1a1", strategy: .dockerExec), true),
        (database, Target(id: "t", engine: .postgresql, containerID: "a1", strategy: .dockerExec), false),
        (database, Target(id: "t", engine: .postgresql, containerID: "other", strategy: .dockerExec), false),
        (database, Target(id: "t", engine: .redis, containerID: "db", strategy: .dockerExec), false),
        (database, Target(id: "t", engine: .postgresql, host: "db", port: 5432), true),
        (database, Target(id: "t", engine: .postgresql, host: "127.0.0.1", port: 15432), true),
        (database, Target(id: "t", engine: .postgresql, host: "127.0.0.1", port: 5432), false),
        (database, Target(id: "t", engine: .postgresql, host: "elsewhere", port: 15432), false),
        (container("db", "mysql"), Target(id: "t", engine: .mariadb, host: "db"), true),
        (container("app", "sqlite", file: "/v/a.db"), Target(id: "t", engine: .sqlite, database: "/v/a.db"), true),
        (container("app", "sqlite", file: "/v/a.db"), Target(id: "t", engine: .sqlite, database: "/v/b.db"), false),
        (database, Target(id: "t", engine: nil, containerID: "db"), false),
    ]

    @Test(arguments: 0..<cases.count) func whichTargetLeadsToADatabase(_ number: Int) {
        let (container, target, isReached) = Self.cases[number]
        #expect(container.isReached(by: target) == isReached, "\(target)")
    }

    @Test func onlyAJobProtects() {
        let found = [Self.database, Self.container("cache", "redis")]
        let target = Target(id: "t", engine: .postgresql, containerID: "db", strategy: .dockerExec)
        let without = DiscoveryCoverage(found, targets: [target], jobs: [])
        #expect(without.protectedCount == 0 && without.foundCount == 2 && without.unprotected == ["db", "cache"])
        let with = DiscoveryCoverage(found, targets: [target], jobs: [Job(id: "j", targetID: "t")])
        #expect(with.protectedCount == 1 && with.foundCount == 2 && with.unprotected == ["cache"])
    }
}
