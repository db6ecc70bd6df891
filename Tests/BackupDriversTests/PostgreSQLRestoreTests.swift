import BackupCore
import BackupDrivers
import BackupTestSupport
import Foundation
import Testing

@Suite struct PostgreSQLRestoreTests {
    private func prepared() async throws -> (PostgreSQLServer, dump: [UInt8]) {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            "CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 1000) AS i; ALTER TABLE t ADD PRIMARY KEY (i)",
            in: "app")
        return (server, try await DriverRegistry.test(server.url("app")).dumped())
    }

    @Test func onlyIntoAnEmptyDatabaseUnlessTold() async throws {
        let (server, dump) = try await prepared()
        let full = try DriverRegistry.test(server.url("app"))
        await #expect(throws: DriverError.notEmpty("app")) { try await full.restored(dump, from: "PostgreSQL 15.0") }
        let missing = try DriverRegistry.test(server.url("missing"))
        await #expect(throws: DriverError.unknownDatabase("missing")) {
            try await missing.restored(dump, from: "PostgreSQL 15.0")
        }
        try server.sql("DELETE FROM t WHERE i > 10; CREATE TABLE other ()", in: "app")
        try await full.restored(dump, from: "PostgreSQL 15.0", .with { $0.overwrite = true })
        #expect(try server.sql("SELECT count(*) FROM t", in: "app") == "1000")
        #expect(try server.sql("SELECT count(*) FROM other", in: "app") == "0")
    }

    @Test func anOlderServerIsRefused() async throws {
        let (server, dump) = try await prepared()
        let copy = try DriverRegistry.test(server.url("copy"))
        let error = await #expect(throws: DriverError.self) {
            try await copy.restored(dump, from: "PostgreSQL 99.1", .with { $0.create = true })
        }
        #expect(error?.code == "driver.server_too_old")
    }

    @Test func anythingOfAUsersIsNotEmpty() async throws {
        let server = try await PostgreSQLServer()
        let statements = [
            "CREATE TYPE x AS ENUM ()", "CREATE TYPE x AS (a int)",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SELECT lo_create(0)", "CREATE SCHEMA s", "CREATE SEQUENCE s", "CREATE VIEW v AS SELECT 1",
            "CREATE PUBLICATION p",
            "CREATE DOMAIN d AS int", "CREATE TABLE t ()",
        ]
        for (number, sql) in statements.enumerated() {
            try server.createDatabase("app\(number)")
            let driver = try DriverRegistry.test(server.url("app\(number)"))
            #expect(try await driver.probe().isEmpty)
            try server.sql("CREATE EXTENSION hstore; CREATE EXTENSION earthdistance CASCADE", in: "app\(number)")
            #expect(try await driver.probe().isEmpty, "what an extension brings is nobody's")
            try server.sql(sql, in: "app\(number)")
            #expect(try await !driver.probe().isEmpty, "\(sql)")
        }
    }

    @Test func afterAFailureItSaysWhatStateTheTargetIsIn() async throws {
        let (server, dump) = try await prepared()
        try server.createDatabase("target")
        let target = try DriverRegistry.test(server.url("target"))
        let created = try DriverRegistry.test(server.url("created"))
        var damaged = dump
        damaged.removeLast(dump.count / 2)
        for (driver, options) in [(target, RestoreOptions()), (created, .with { $0.create = true })] {
            let failure = await #expect(throws: RestoreFailure.self) {
                try await driver.restored(damaged, from: "PostgreSQL 15.0", options)
            }
            #expect(failure?.state == .unchanged)
        }
        #expect(try await target.probe().isEmpty)
        await #expect(throws: DriverError.unknownDatabase("created")) { try await created.probe() }
    }

    /// A restore that is refused after its last byte must not have been committed.
    @Test func theLastBytesAreHeldBackUntilAllIsProven() async throws {
        struct Refused: Error {}
        let (server, dump) = try await prepared()
        try server.createDatabase("target")
        let target = try DriverRegistry.test(server.url("target"))
        let facts = DumpFacts(engine: .postgresql, engineVersion: "PostgreSQL 15.0")
        let failure = await #expect(throws: RestoreFailure.self) {
            try await target.restore(facts, options: RestoreOptions()) { sink in
                try await BlockingThread.run("test") { try dump.withUnsafeBytes { try sink.write($0) } }
                // Time enough to commit for a tool that could: its transaction is seen waiting.
                try await eventually("pg_restore has taken all it can") {
                    try server.sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_restore' AND query LIKE 'COPY%'"
                    ) == "1"
                }
                throw Refused()
            }
        }
        #expect(failure?.state == .unchanged)
        #expect(try await target.probe().isEmpty)
    }

    @Test func ownersAndPrivilegesCanBeLeftOut() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            "CREATE ROLE boss; CREATE TABLE t (); ALTER TABLE t OWNER TO boss; GRANT SELECT ON t TO PUBLIC", in: "app")
        let dump = try await DriverRegistry.test(server.url("app")).dumped()
        let copy = try DriverRegistry.test(server.url("copy"))
        try await copy.restored(
            dump, from: "PostgreSQL 15.0",
            .with {
                $0.create = true
                $0.withoutOwners = true
                $0.withoutPrivileges = true
            })
        #expect(
            try server.sql(
                "SELECT relacl IS NULL, pg_get_userbyid(relowner) FROM pg_class WHERE relname = 't'", in: "copy")
                == "t|owner")
    }
}
