import BackupCore
import BackupDrivers
import BackupFormat
import BackupPipeline
import BackupTestSupport
import Foundation
import Testing

/// From a real server into a store and back.
@Suite struct RealDatabaseTests {
    private func driver(_ url: String, path: String? = nil) throws -> any DatabaseDriver {
        let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try DriverRegistry.driver(for: url, environment: ["PATH": path])
    }

    private func backUp(_ driver: any DatabaseDriver, to store: FakeStore) async throws {
        var random = SystemRandomNumberGenerator()
        _ = try await BackupService(driver: driver, store: store, progress: Progress())
            .run(BackupServiceTests.request(), now: Date(timeIntervalSince1970: 1_770_000_000), using: &random)
    }

    private func drill(_ store: FakeStore, into url: String, create: Bool = false) async throws -> DrillService.Report {
        var options = RestoreOptions()
        options.create = create
        return try await DrillService(
            catalogue: Catalogue(store: store), driver: driver(url), progress: Progress()
        ).run(.newest(source: nil), identities: [BackupServiceTests.identity], options: options)
    }

    /// mariadb-dump that is killed, fails, or ends early and reports nothing: there is no backup, nor a part of one.
    @Test(arguments: [
        ("kill -9 $$", "driver.tool_failed"), ("exit 2", "driver.tool_failed"), ("exit 0", "driver.incomplete_dump"),
    ])
    func aToolThatDiesStoresNothing(_ ending: String, _ code: String) async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT seq, REPEAT('x', 500) FROM seq_1_to_20000", in: "app")
        let folder = try TemporaryFolder()
        let script = """
            #!/bin/bash
            case $* in *--version*|*--help*) exec /usr/bin/mariadb-dump "$@";; esac
            /usr/bin/mariadb-dump "$@" 2>/dev/null | /usr/bin/head -c 7000000
            \(ending)
            """
        _ = FileManager.default.createFile(
            atPath: folder("mariadb-dump"), contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
        try FileManager.default.createSymbolicLink(atPath: folder("mariadb"), withDestinationPath: "/usr/bin/mariadb")
        let store = FakeStore()
        let bad = try driver(server.url("app"), path: folder.path)
        do {
            try await backUp(bad, to: store)
            Issue.record("it was stored")
        } catch {
            #expect((error as? any BackupError)?.code == code, "\(error)")
        }
        #expect(store.objects.isEmpty)
        try await backUp(driver(server.url("app")), to: store)
        #expect(store.objects.count == 2)
    }

    @Test func aDrillWithMariaDB() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT seq FROM seq_1_to_1000", in: "app")
        let store = FakeStore()
        try await backUp(driver(server.url("app")), to: store)
        guard case .equal(let found) = try await drill(store, into: server.url("copy"), create: true).verdict else {
            throw TestFailure("it differs")
        }
        #expect(found.databases.first?.rowCount == 1000)
        // All of a server, whose backup has another password for the account that restores it.
        let (all, other) = (FakeStore(), try await MariaDBServer())
        try server.sql("ALTER USER owner IDENTIFIED BY 'another'")
        try await backUp(driver(server.url(password: "another")), to: all)
        guard case .equal = try await drill(all, into: other.url()).verdict else { throw TestFailure("it differs") }
    }

    @Test func aDrillWithRedis() async throws {
        let (server, other) = (try await RedisServer(), try await RedisServer())
        try server.command(["EVAL", "for n = 1, 1000 do redis.call('SET', n, n) end", "0"])
        let store = FakeStore()
        try await backUp(driver(server.url()), to: store)
        // Counted beside the dump, so that equal is not proven; but nothing differs.
        guard case .inconclusive(let differences) = try await drill(store, into: other.url()).verdict else {
            throw TestFailure("another verdict")
        }
        #expect(differences == [])
        #expect(try other.command(["DBSIZE"]) == "1000\n")
    }
}
