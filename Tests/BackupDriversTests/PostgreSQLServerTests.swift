import BackupCore
import BackupDrivers
import BackupTestSupport
import Foundation
import Testing

/// Whole servers, and servers of other versions.
@Suite struct PostgreSQLServerTests {
    private static let weird = "two; \"ü/--help"

    private static func fill(_ server: PostgreSQLServer) throws {
        try server.sql(
            """
            CREATE ROLE "ann o'x" LOGIN PASSWORD 'pw' CONNECTION LIMIT 3; CREATE ROLE readers; GRANT readers TO "ann o'x";
            ALTER ROLE "ann o'x" SET work_mem = '5MB';
            """)
        // Not in a transaction, which several statements at once would be.
        try server.sql(
            "CREATE DATABASE one TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' OWNER \"ann o'x\" CONNECTION LIMIT 7")
        try server.createDatabase(weird)
        try server.sql(
            """
            ALTER DATABASE one SET search_path = 'a b'; COMMENT ON DATABASE one IS 'it''s'; REVOKE CONNECT ON DATABASE one FROM PUBLIC;
            """)
        try server.sql(
            """
            CREATE TABLE public.t AS SELECT generate_series(1, 50000) AS i, repeat('x', 200) AS x;
            GRANT SELECT ON public.t TO readers; ALTER TABLE public.t OWNER TO "ann o'x"
            """, in: "one")
        try server.sql("CREATE TABLE u AS SELECT 'ü' AS x", in: weird)
        try server.sql("CREATE TABLE in_postgres AS SELECT 1 AS x")
    }

    private static let properties = """
        SELECT datname, pg_get_userbyid(datdba), encoding, datcollate, datctype, datconnlimit,
          ARRAY(SELECT unnest(datacl)::text COLLATE "C" ORDER BY 1), setconfig,
          shobj_description(d.oid, 'pg_database')
        FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname !~ 'template' ORDER BY 1
        """
    private static let roles = """
        SELECT a.rolname, a.rolcanlogin, a.rolpassword, a.rolconnlimit, r.rolconfig,
          ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = a.oid)
        FROM pg_authid a JOIN pg_roles r ON r.oid = a.oid WHERE a.rolname !~ '^pg_' AND a.rolname <> 'owner' ORDER BY 1
        """

    @Test(arguments: [nil, 18]) func allOfAServer(_ version: Int?) async throws {
        let server = try await PostgreSQLServer(version: version)
        try Self.fill(server)
        let environment = try path(version)
        let driver = try DriverRegistry.test(server.url(), environment: environment)
        #expect(driver.scope == .server && driver.databaseName == "all-databases")
        let facts = try await driver.probe()
        let dumped = try await driver.dumpedWithFingerprint()
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(
            fingerprint.moment == .dump && fingerprint.databases.map(\.name) == ["one", "postgres", Self.weird])

        let other = try await PostgreSQLServer(version: version)
        let target = try DriverRegistry.test(other.url(), environment: environment)
        try await target.restored(dumped.value, from: facts.engineVersion)
        #expect(fingerprint.differences(in: try #require(try await target.fingerprint())) == [])
        try expectSame(Self.properties, other, server)
        try expectSame(Self.roles, other, server)
        for name in ["one", Self.weird, "postgres"] {
            #expect(try other.dumpText(name) == server.dumpText(name))
        }

        // Nothing is restored over what is there.
        await #expect(throws: DriverError.notEmpty("one")) {
            try await target.restored(dumped.value, from: facts.engineVersion)
        }
        // One of them alone, under another name.
        let alone = try DriverRegistry.test(other.url("alone"), environment: environment)
        let only = RestoreOptions.with {
            $0.only = Self.weird; $0.create = true
        }
        try await alone.restored(dumped.value, from: facts.engineVersion, scope: .server, only)
        #expect(try other.sql("SELECT x FROM u", in: "alone") == "ü")
        let missing = await #expect(throws: RestoreFailure.self) {
            try await DriverRegistry.test(other.url("alone2"), environment: environment).restored(
                dumped.value, from: facts.engineVersion, scope: .server,
                .with {
                    $0.only = "nope"; $0.create = true
                })
        }
        #expect(missing?.code == "driver.not_in_backup" && missing?.state == .unchanged)
        // One of them, as it was, beside the others.
        try other.sql("DROP DATABASE one")
        try other.sql("DROP DATABASE alone")
        try await target.restored(dumped.value, from: facts.engineVersion, .with { $0.only = "one" })
        try expectSame(Self.properties, other, server)
        #expect(try other.dumpText("one") == server.dumpText("one"))
    }

    /// With tar and pg_restore, and nothing of ours.
    @Test func theArchiveCanBeOpenedWithoutUs() async throws {
        let server = try await PostgreSQLServer()
        try Self.fill(server)
        let dump = try await DriverRegistry.test(server.url()).dumped()
        let folder = try TemporaryFolder()
        #expect(FileManager.default.createFile(atPath: folder("x.tar"), contents: Data(dump)))
        let opened = try TestProcess.run(
            "/bin/sh",
            [
                "-c",
                "tar xf x.tar && cat 0001-one.dump.* | pg_restore --list && cat globals.sql.* && cat contents.json",
            ],
            in: folder.path)
        #expect(opened.status == 0 && opened.errors.isEmpty)
        #expect(opened.output.contains("TABLE DATA public t") && opened.output.contains("CREATE ROLE"))
        #expect(opened.output.contains("\"two; \\\"ü/--help\""))
        #expect(folder.files().filter { $0.hasPrefix("0001-one.dump") }.count > 1, "it is cut into pieces")
    }

    @Test func aDatabaseThatFailsIsSaidAndTakenAway() async throws {
        let server = try await PostgreSQLServer()
        try Self.fill(server)
        let dump = try await DriverRegistry.test(server.url()).dumped()
        let other = try await PostgreSQLServer()
        let target = try DriverRegistry.test(other.url())
        // Cut in the middle of the first database.
        let failure = await #expect(throws: RestoreFailure.self) {
            try await target.restored(Array(dump.prefix(6_000_000)), from: "PostgreSQL 15.0")
        }
        #expect(
            failure?.state == .partial && failure?.message.contains("at database 'one'; complete are 0 of 3") == true)
        #expect(try other.sql("SELECT count(*) FROM pg_database WHERE datname = 'one'") == "0")
        let damaged = await #expect(throws: DriverError.self) {
            try await target.restored([UInt8](repeating: 7, count: 10_000), from: "PostgreSQL 15.0")
        }
        #expect(damaged == .damagedArchive("a member's header is none"))
    }

    /// Each server with the tool of its own version, also when an older and a newer one are there.
    @Test func serversOfEveryVersion() async throws {
        let all = try (16...18).map { try PostgreSQLServer.binaries(of: $0) }.joined(separator: ":")
        let environment = ["PATH": "/usr/bin:/bin:\(all)"]
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/nasty.sql")
        let nasty = try String(contentsOf: fixture, encoding: .utf8)
        for version in 16...18 {
            let server = try await PostgreSQLServer(version: version)
            try server.createDatabase("nasty")
            try server.sql(nasty, in: "nasty")
            let driver = try DriverRegistry.test(server.url("nasty"), environment: environment)
            let facts = try await driver.probe()
            #expect(facts.engineVersion.hasPrefix("PostgreSQL \(version)."))
            #expect(facts.toolVersion?.hasPrefix("pg_dump \(version).") == true)
            let dumped = try await driver.dumpedWithFingerprint()
            let copy = try DriverRegistry.test(server.url("copy"), environment: environment)
            try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.create = true })
            #expect(try server.dumpText("copy") == server.dumpText("nasty"))
            let fingerprint = try #require(try dumped.fingerprint?.get())
            #expect(fingerprint.moment == .dump)
            #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        }
    }

    /// From 15 to 18, with a fingerprint that both versions agree on.
    @Test func intoANewerServerAndNotIntoAnOlderOne() async throws {
        let old = try await PostgreSQLServer()
        let new = try await PostgreSQLServer(version: 18)
        let environment = try path(18)
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/nasty.sql")
        try old.createDatabase("nasty")
        try old.sql(String(contentsOf: fixture, encoding: .utf8), in: "nasty")
        let driver = try DriverRegistry.test(old.url("nasty"), environment: environment)
        let dumped = try await driver.dumpedWithFingerprint()
        let copy = try DriverRegistry.test(new.url("copy"), environment: environment)
        // Roles are the server's, not the database's.
        for role in try old.sql(
            "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'owner'"
        )
        .split(separator: "\n") { try new.sql("CREATE ROLE \(role)") }
        try await copy.restored(dumped.value, from: "PostgreSQL 15.0", .with { $0.create = true })
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])

        let back = try DriverRegistry.test(old.url("back"), environment: environment)
        let error = await #expect(throws: DriverError.self) {
            try await back.restored(dumped.value, from: "PostgreSQL 18.6", .with { $0.create = true })
        }
        #expect(error?.code == "driver.server_too_old")
        // Only tools that are too old: named, with both versions.
        let without = try DriverRegistry.test(new.url("copy"), environment: ["PATH": "/usr/bin:/bin"])
        let refused = await #expect(throws: DriverError.self) { try await without.probe() }
        #expect(refused?.code == "driver.tool_too_old")
        #expect(refused?.message.contains("pg_dump 15.") == true && refused?.message.contains("PostgreSQL 18") == true)
    }

    private func expectSame(_ query: String, _ one: PostgreSQLServer, _ two: PostgreSQLServer) throws {
        let (first, second) = (try one.sql(query), try two.sql(query))
        #expect(first == second)
    }

    private func path(_ version: Int?) throws -> [String: String] {
        guard let version else { return [:] }
        return ["PATH": "/usr/bin:/bin:" + (try PostgreSQLServer.binaries(of: version))]
    }
}
