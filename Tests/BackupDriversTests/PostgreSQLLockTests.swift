import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupDrivers

/// What others do to a database meanwhile, and what is left on the server when we are stopped.
@Suite struct PostgreSQLLockTests {
    /// A pg_dump before which something happens in the database, with `$psql` to do it.
    private func dump(_ server: PostgreSQLServer, after script: String) async throws -> Dumped<[UInt8]> {
        let folder = try TemporaryFolder()
        let place = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap { Int($0) }
            .max()
        let binaries = "/usr/lib/postgresql/\(try #require(place))/bin"
        try folder.script(
            "pg_dump",
            """
            psql="\(binaries)/psql -Xqh 127.0.0.1 -p \(server.port) -U owner -d app"
            case "$*" in *--version*) ;; *) \(script) ;; esac
            exec \(binaries)/pg_dump "$@"
            """)
        let environment = ["PATH": folder.path + ":/usr/bin:/bin"]
        return try await DriverRegistry.test(server.url("app"), environment: environment).dumpedWithFingerprint()
    }

    @Test func aTruncateDuringTheDumpMakesNoFalseZero() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS i; CREATE TABLE u AS TABLE t", in: "app")
        // One that gives up, and does no harm.
        let patient = try await dump(server, after: "$psql -c \"SET lock_timeout = '1s'\" -c 'TRUNCATE t' 2>/dev/null")
        #expect(try patient.fingerprint?.get().databases.first?.rowCount == 2000)
        #expect(try patient.fingerprint?.get().moment == .dump)
        let copy = try DriverRegistry.test(server.url("copy"))
        try await copy.restored(patient.value, from: "PostgreSQL 15.0", .with { $0.create = true })
        #expect(try patient.fingerprint?.get().differences(in: try #require(try await copy.fingerprint())) == [])
        // One that waits, and before pg_dump: nobody waits for ever, and no number is made up.
        let waiting =
            "while [ \"$($psql -Atc 'SELECT count(*) FROM pg_locks WHERE NOT granted')\" = 0 ]; do sleep 0.1; done"
        let stubborn = try await dump(server, after: "$psql -c 'TRUNCATE t' >/dev/null 2>&1 & \(waiting)")
        guard case .failure(let error as DriverError) = stubborn.fingerprint else {
            Issue.record("the counts are not of the dump: \(String(describing: stubborn.fingerprint))")
            return
        }
        #expect(error.message.contains("another session waited"))
    }

    @Test func aLockedTableIsNotWaitedForForEver() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT 1 AS i", in: "app")
        let holder = try TestProcess(
            "/usr/bin/psql",
            ["-Xq", "-c", "BEGIN; LOCK TABLE t; SELECT pg_sleep(600)", server.url("app")], log: server.folder("holder"))
        defer { holder.stop() }
        try await eventually("the table is locked") {
            try server.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted", in: "app")
                == "1"
        }
        let driver = try DriverRegistry.test(server.url("app"))
        let error = await #expect(throws: DriverError.self) { try await driver.fingerprint() }
        guard case .queryFailed(_, "55P03", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aCancelledQueryEndsOnTheServer() async throws {
        let server = try await PostgreSQLServer()
        let place = LocalTools(environment: ProcessInfo.processInfo.environment)
        let target = try PostgreSQLTarget(server.url("postgres"), environment: [:], place: place)
        let access = PostgreSQLAccess(target: target, tools: PostgreSQLTools(in: place))
        let task = Task {
            try await access.with { try $0.query("SELECT pg_sleep(600)") }
        }
        let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'"
        try await eventually("it sleeps") { try server.sql(sleeping) == "1" }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try server.sql(sleeping) == "0")
    }

    @Test func aCancelledRestoreLeavesNoDatabase() async throws {
        let server = try await PostgreSQLServer()
        // Holds CREATE DATABASE up.
        let holder = try TestProcess(
            "/usr/bin/psql",
            [
                "-Xq", "-c", "BEGIN; LOCK TABLE pg_catalog.pg_database IN SHARE MODE; SELECT pg_sleep(600)",
                server.url("postgres"),
            ],
            log: server.folder("holder"))
        defer { holder.stop() }
        try await eventually("it holds the lock") {
            try server.sql(
                "SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND relation = 'pg_database'::regclass") == "1"
        }
        let driver = try DriverRegistry.test(server.url("new"))
        let task = Task { try await driver.restored([1], from: "PostgreSQL 15.0", .with { $0.create = true }) }
        let creating = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE%' AND state = 'active'"
        try await eventually("it makes the database") { try server.sql(creating) == "1" }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try server.sql(creating) == "0")
        holder.stop()
        #expect(try server.sql("SELECT count(*) FROM pg_database WHERE datname = 'new'") == "0")
    }

    @Test func aDatabaseThatWasThereIsNotDropped() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        let dump = try await DriverRegistry.test(server.url()).dumped()
        try server.sql("ALTER DATABASE app ALLOW_CONNECTIONS false")
        let failure = await #expect(throws: RestoreFailure.self) {
            try await DriverRegistry.test(server.url()).restored(dump, from: "PostgreSQL 15.0")
        }
        #expect(failure?.message.contains("exists already") == true)
        #expect(try server.sql("SELECT count(*) FROM pg_database WHERE datname = 'app'") == "1")
    }
}
