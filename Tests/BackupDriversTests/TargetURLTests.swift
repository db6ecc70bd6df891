import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Testing

/// Targets of a configuration become drivers; what is written in them stays data.
@Suite struct TargetURLTests {
    static let hostile = [
        "--help", "; rm -rf /", "\"x", "данные", "a/b?c=d#e%20&f", "a'b\\c", "host=evil", "$(id)", "a b", "x@y:z",
        "%2F", "+",
    ]

    private func target(_ engine: DatabaseEngine, _ change: (inout Target) -> Void = { _ in }) -> Target {
        var target = Target(id: "t", engine: engine, host: "db.example.com", port: 0, database: "app", username: "u")
        change(&target)
        return target
    }

    private func driver(_ target: Target, password: String? = "p") throws -> any DatabaseDriver {
        try DriverRegistry.driver(
            for: target, password: password.map { Secret($0) },
            environment: ["PATH": "/usr/bin", "PGHOST": "evil", "PGDATABASE": "evil", "MYSQL_PWD": "evil"],
            dockerSocket: "/var/run/docker.sock")
    }

    private func text(_ target: Target, password: String? = "p") throws -> String {
        try TargetURL(target, password: password.map { Secret($0) }).text().revealed
    }

    @Test(arguments: [
        (DatabaseEngine.postgresql, "dbname='app' user='u' password='p' host='db.example.com' port='5433'"),
        (.mysql, "mysql://u:p@db.example.com:5433/app"), (.mariadb, "mariadb://u:p@db.example.com:5433/app"),
        (.mongodb, "mongodb://u:p@db.example.com:5433/app?authSource=admin"),
        (.redis, "redis://u:p@db.example.com:5433"),
    ])
    func overTCP(_ engine: DatabaseEngine, _ url: String) throws {
        let target = target(engine) { $0.port = 5433 }
        #expect(try text(target) == url)
        let driver = try driver(target)
        #expect(driver.engine == engine && driver.host == "db.example.com")
        #expect(driver.scope == (engine == .redis ? .server : .database))
    }

    @Test(arguments: [
        (
            DatabaseEngine.postgresql, "/run/postgresql/.s.PGSQL.5433",
            "dbname='app' user='u' password='p' host='/run/postgresql' port='5433'"
        ),
        (.postgresql, "/run/postgresql", "dbname='app' user='u' password='p' host='/run/postgresql'"),
        (.mysql, "/run/my sqld.sock", "mysql://u:p@/app?socket=%2Frun%2Fmy%20sqld.sock"),
        (.mariadb, "/run/mysqld.sock", "mariadb://u:p@/app?socket=%2Frun%2Fmysqld.sock"),
        (.mongodb, "/tmp/mongodb-27017.sock", "mongodb://u:p@%2Ftmp%2Fmongodb-27017.sock/app?authSource=admin"),
        (.redis, "/run/redis.sock", "redis+unix://u:p@/run/redis.sock"),
    ])
    func overAUnixSocket(_ engine: DatabaseEngine, _ socket: String, _ url: String) throws {
        let target = target(engine) { ($0.host, $0.strategy) = (socket, .unixSocket) }
        #expect(try text(target) == url)
        #expect(try driver(target).engine == engine)
        #expect(throws: DriverError.self) {
            try driver(self.target(engine) { ($0.host, $0.strategy) = ("run/x", .unixSocket) })
        }
    }

    @Test(arguments: [
        (DatabaseEngine.postgresql, "dbname='app' user='u' password='p'"), (.mysql, "mysql://u:p@/app"),
        (.mariadb, "mariadb://u:p@/app"), (.redis, "redis://u:p@127.0.0.1"),
    ])
    func insideOfAContainer(_ engine: DatabaseEngine, _ url: String) throws {
        let target = target(engine) { ($0.host, $0.containerID, $0.strategy) = ("", "db-1", .dockerExec) }
        #expect(try text(target) == url)
        #expect(try driver(target).engine == engine)
        for id in ["", "a/b", "../x", "-x"] {
            #expect(throws: DriverError.self) {
                try driver(self.target(engine) { ($0.containerID, $0.strategy) = (id, .dockerExec) })
            }
        }
    }

    @Test(arguments: [DatabaseEngine.postgresql, .mysql, .mariadb, .mongodb])
    func anEmptyDatabaseIsTheWholeServer(_ engine: DatabaseEngine) throws {
        #expect(try driver(target(engine) { $0.database = "" }).scope == .server)
        #expect(try driver(target(engine) { ($0.database, $0.username) = ("", "") }, password: nil).scope == .server)
    }

    @Test(arguments: TargetURLTests.hostile)
    func valuesStayValues(_ value: String) throws {
        let secret = Secret(value)
        for strategy in [Target.Strategy.tcp, .unixSocket] {
            func hostile(_ engine: DatabaseEngine) -> Target {
                target(engine) {
                    ($0.database, $0.username, $0.strategy) = (value, value, strategy)
                    if strategy == .unixSocket { $0.host = "/run/\(value)/sock" }
                }
            }
            let tools = LocalTools(environment: [:])
            let postgres = try PostgreSQLTarget(
                try text(hostile(.postgresql), password: value), environment: [:], place: tools)
            #expect(postgres.name == value && postgres.password == secret)
            let values = Dictionary(postgres.connectionParameters()) { first, _ in first }
            #expect(values["user"] == value)
            #expect(values["host"] == (strategy == .tcp ? "db.example.com" : "/run/\(value)/sock"))
            for engine in [DatabaseEngine.mysql, .mariadb] {
                let mysql = try MySQLTarget(try text(hostile(engine), password: value), environment: [:], place: tools)
                #expect(mysql.database == value && mysql.password == secret)
                #expect(mysql.arguments(for: engine).contains("--user=\(value)"))
                if strategy == .unixSocket {
                    #expect(mysql.arguments(for: engine).contains("--socket=/run/\(value)/sock"))
                }
            }
            let redis = try RedisTarget(try text(hostile(.redis), password: value), environment: [:], place: tools)
            #expect(redis.password == secret && redis.arguments.contains(value))
            if strategy == .unixSocket { #expect(redis.arguments.contains("/run/\(value)/sock")) }
        }
        // MongoDB allows no '/', '\', '.', '"', '$' or space in a database's name, and says so by refusing it.
        let mongo = try MongoTarget(
            try text(target(.mongodb) { ($0.database, $0.username) = ("app", value) }, password: value),
            place: LocalTools(environment: [:]))
        #expect(mongo.database == "app" && mongo.password == secret && mongo.host == "db.example.com")
        let file = target(.sqlite) { $0.database = "/srv/\(value)/app.db" }
        #expect(try driver(file).databaseName == "app.db")
        #expect(PercentEncoding.decoded(try text(file)) == "sqlite:///srv/\(value)/app.db")
    }

    @Test(arguments: [
        "", "-oProxy", "a,b", "a b", "a/b", "/run", "a@b", "a?b", "a#b", "[::1", "a\u{0}b", "a\nb", "host dbname=x",
        "данные",
    ])
    func hostsThatAreNone(_ host: String) {
        for engine in DatabaseEngine.allCases where engine != .sqlite {
            #expect(throws: DriverError.self, "\(engine)") { try driver(target(engine) { $0.host = host }) }
        }
    }

    @Test func addressesAndWhatIsRefused() throws {
        #expect(
            try text(target(.mysql) { ($0.host, $0.port) = ("2001:db8::1", 1) }) == "mysql://u:p@[2001:db8::1]:1/app")
        #expect(try driver(target(.mysql) { $0.host = "2001:db8::1" }).host == "2001:db8::1")
        #expect(try driver(target(.postgresql) { $0.host = "::1" }).host == "::1")
        for bad in [
            target(.postgresql) { $0.engine = nil }, target(.postgresql) { $0.port = 70_000 },
            target(.mysql) { $0.port = -1 }, target(.sqlite) { $0.database = "app.db" },
            target(.sqlite) { ($0.database, $0.strategy) = ("/app.db", .dockerExec) },
            target(.mysql) { $0.database = "a\u{0}b" },
        ] {
            #expect(throws: DriverError.self) { try driver(bad) }
        }
    }

    @Test func aVariableOfAContainer() async throws {
        let engine = try await DockerEngine()
        try engine.run(
            "db", ["/bin/sleep", "600"],
            options: ["--env", "PASSWORD=s3=cr et'ü", "--env", "EMPTY=", "--env", "PASSWORD2=x"])
        let inspection = ContainerInspection(try ContainerReference("db", socket: engine.socket))
        #expect(try await inspection.environmentVariable("PASSWORD").revealed == "s3=cr et'ü")
        #expect(try await inspection.environmentVariable("EMPTY").revealed == "")
        for name in ["PASS", "", "PASSWORD=s3", "password"] {
            await #expect { try await inspection.environmentVariable(name) } throws: {
                ($0 as? DriverError)?.code == "driver.no_such_variable"
            }
        }
        let missing = ContainerInspection(try ContainerReference("none", socket: engine.socket))
        await #expect { try await missing.environmentVariable("PASSWORD") } throws: {
            ($0 as? DriverError)?.code == "driver.no_such_container"
        }
    }
}
