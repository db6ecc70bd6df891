import BackupCore
import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct PostgreSQLTests {
    /// Everything that pg_dump knows, in one database.
    @Test func theNastyDatabaseComesBackEqual() async throws {
        let server = try await PostgreSQLServer()
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/nasty.sql")
        try server.createDatabase("nasty")
        try server.sql(String(contentsOf: fixture, encoding: .utf8), in: "nasty")
        let driver = try DriverRegistry.test(server.url("nasty"))
        let facts = try await driver.probe()
        #expect(!facts.isEmpty && facts.engineVersion.hasPrefix("PostgreSQL "))
        let dumped = try await driver.dumpedWithFingerprint()
        let dump = dumped.value
        let copy = try DriverRegistry.test(server.url("copy"))
        try await copy.restored(dump, from: facts.engineVersion, .with { $0.create = true })
        let fingerprint = try #require(try dumped.fingerprint?.get())
        let found = try #require(try await copy.fingerprint())
        #expect(fingerprint.moment == .dump && (fingerprint.databases.first?.rowCount ?? 0) > 1000)
        #expect(fingerprint.differences(in: found) == [])
        let text = try server.dumpText("nasty")
        #expect(text.utf8.count > 1_000_000)
        #expect(try server.dumpText("copy") == text)
        // pg_restore can't drop what this database holds piece by piece. That must leave it as it was.
        let failure = await #expect(throws: RestoreFailure.self) {
            try await copy.restored(dump, from: facts.engineVersion, .with { $0.overwrite = true })
        }
        #expect(failure?.state == .unchanged)
        #expect(try server.dumpText("copy") == text)
    }

    /// Sums that a transfer keeps, while transfers go on: the dump and its counts are of one moment.
    @Test func oneMomentWhileOthersWrite() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("bank")
        try server.sql(
            """
            CREATE TABLE a AS SELECT i, 1000 AS money FROM generate_series(1, 20000) AS i; CREATE TABLE b AS TABLE a;
            CREATE TABLE log (i int);
            CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 1000000 LOOP
              UPDATE a SET money = money - n WHERE i = n % 20000 + 1; UPDATE b SET money = money + n WHERE i = n % 20000 + 1;
              INSERT INTO log VALUES (n); INSERT INTO log VALUES (n); COMMIT; END LOOP; END $$;
            """, in: "bank")
        let writer = try TestProcess(
            "/usr/bin/psql", ["-Xq", "-c", "CALL work()", server.url("bank")], log: server.folder("writer"))
        defer { writer.stop() }
        try await eventually("the writer writes") {
            try server.sql("SELECT count(*) > 100 FROM log", in: "bank") == "t"
        }
        let driver = try DriverRegistry.test(server.url("bank"))
        for number in 1...3 {
            let dumped = try await driver.dumpedWithFingerprint()
            let copy = try DriverRegistry.test(server.url("copy\(number)"))
            try await copy.restored(dumped.value, from: "PostgreSQL 15.0", .with { $0.create = true })
            let sum = "SELECT (SELECT sum(money) FROM a) + (SELECT sum(money) FROM b), count(*) % 2 FROM log"
            #expect(try server.sql(sum, in: "copy\(number)") == "40000000|0")
            let found = try #require(try await copy.fingerprint())
            #expect(try dumped.fingerprint?.get().differences(in: found) == [])
        }
        #expect(writer.isRunning, "it has to write until the end: \(writer.words)")
    }

    @Test func whatWasLostIsSeen() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT generate_series(1, 9) AS i; CREATE TABLE u (k int)", in: "app")
        let driver = try DriverRegistry.test(server.url("app"))
        let before = try #require(try await driver.fingerprint())
        for (sql, difference) in [
            ("DELETE FROM t WHERE i = 9", "public.t: 8 rows, not 9"),
            ("ALTER TABLE u ALTER k SET NOT NULL", "the schema differs"),
            ("DROP TABLE u", "public.u: missing"), ("CREATE TABLE w ()", "public.w: was not in the backup"),
        ] {
            try server.sql(sql, in: "app")
            #expect(before.differences(in: try #require(try await driver.fingerprint())).contains(difference))
        }
    }

    @Test func namesAreData() async throws {
        let server = try await PostgreSQLServer()
        let names = [
            "-h", "--help", "-f/tmp/x", "a=b", "postgres://u@h/db", "\"x", "o'brien", "back\\slash", "данные", "sp ace",
            "; rm -rf x", "$(id)",
            "%s%n", "new\nline", "cr\r\nlf", "emoji 🐘", String(repeating: "n", count: 63),
            "x\u{600}' hostaddr='127.0.0.9 ",
            "x'\u{301}", "y\u{600}\"\u{301}", "z\\\u{301}", "caf\u{e9}", "cafe\u{301}",
        ]
        for name in names {
            try server.createDatabase(name)
            try server.sql("CREATE TABLE t AS SELECT \(name.utf8.count) AS answer", in: name)
            let driver = try DriverRegistry.test(server.url(name))
            #expect(driver.databaseName == name && driver.host == "127.0.0.1")
            let dump = try await driver.dumped()
            let copy = try DriverRegistry.test(server.url(String(name.prefix(58)) + "-copy"))
            try await copy.restored(dump, from: "PostgreSQL 15.0", .with { $0.create = true })
            let answer = try server.sql("SELECT answer FROM t", in: String(name.prefix(58)) + "-copy")
            #expect(answer == "\(name.utf8.count)", "\(name)")
        }
    }

    /// The server would cut the name, and let us into another database.
    @Test func aNameThatIsTooLongIsNoOtherDatabase() async throws {
        let server = try await PostgreSQLServer()
        let long = String(repeating: "n", count: 200)
        try server.createDatabase(String(long.prefix(63)))
        let driver = try DriverRegistry.test(server.url(long))
        await #expect(throws: DriverError.unknownDatabase(long)) { try await driver.probe() }
        await #expect(throws: DriverError.unknownDatabase(long)) { try await driver.dumped() }
        let refused = await #expect(throws: DriverError.self) {
            try await driver.restored([], from: "PostgreSQL 15.0", .with { $0.create = true })
        }
        #expect(refused?.message.contains("at most 63 bytes") == true && refused?.message.contains(long) == true)
    }

    /// libpq's own file of services, with the password in it.
    @Test func aServiceIsTheDatabaseThatItNames() async throws {
        let server = try await PostgreSQLServer()
        for name in ["app", "other"] { try server.createDatabase(name) }
        try server.sql("CREATE TABLE t AS SELECT 42 AS answer", in: "app")
        let login = "host=127.0.0.1\nport=\(server.port)\nuser=owner\npassword=\(PostgreSQLServer.password)\n"
        let file = server.folder("services")
        try "[shop]\ndbname=app\n\(login)[all]\n\(login)".write(toFile: file, atomically: true, encoding: .utf8)
        // libpq reads it itself, from this process's environment.
        setenv("PGSERVICEFILE", file, 1)
        defer { unsetenv("PGSERVICEFILE") }
        for (url, environment) in [
            ("service=shop", [:]), ("postgres://?service=shop", [:]), ("postgres://", ["PGSERVICE": "shop"]),
        ] {
            let driver = try DriverRegistry.test(url, environment: environment)
            #expect(driver.databaseName == "app" && driver.scope == .database && driver.host == "127.0.0.1")
            let dumped = try await driver.dumpedWithFingerprint()
            #expect(try dumped.fingerprint?.get().databases.first?.rowCount == 1)
        }
        #expect(try DriverRegistry.test("service=shop dbname=other").databaseName == "other")
        let all = try DriverRegistry.test("service=all")
        #expect(all.scope == .server)
        #expect(try await all.fingerprint()?.databases.map(\.name) == ["app", "other", "postgres"])
        let error = #expect(throws: DriverError.self) { try DriverRegistry.test("service=none") }
        #expect(error?.code == "driver.invalid_url" && error?.message.contains("none") == true)
    }

    @Test func whatAPersonGetsWrong() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        let port = try FreePort.next()
        try server.sql("CREATE ROLE reader LOGIN PASSWORD 'pw'")
        try server.sql("CREATE TABLE secret AS SELECT 1", in: "app")
        let cases: [(String, String)] = [
            ("driver.authentication_failed", server.url("app", password: "wrong")),
            ("driver.authentication_failed", "postgres://owner@127.0.0.1:\(server.port)/app"),
            ("driver.authentication_failed", server.url("app", user: "nobody")),
            ("driver.unknown_database", server.url("not-there")),
            ("driver.cannot_connect", "postgres://owner@127.0.0.1:\(port)/app"),
            ("driver.cannot_connect", "postgres://owner@name.invalid/app"),
        ]
        for (code, url) in cases {
            let error = await #expect(throws: DriverError.self, "\(code)") {
                try await DriverRegistry.test(url).probe()
            }
            #expect(error?.code == code, "\(String(describing: error))")
            #expect(
                error?.message.contains(PostgreSQLServer.password) == false && error?.message.contains("\n") == false)
        }
        let reader = try DriverRegistry.test(server.url("app", user: "reader", password: "pw"))
        let error = await #expect(throws: DriverError.self) { try await reader.dumped() }
        #expect(error?.code == "driver.tool_failed" && error?.message.contains("secret") == true)
    }

    @Test(arguments: [
        ("driver.invalid_url", ""), ("driver.invalid_url", "app"), ("driver.invalid_url", "postgres://h/x?port=%zz"),
        ("driver.unknown_scheme", "oracle://x"), ("driver.unsafe_parameter", "postgres://h/d?sslpassword=geheim"),
        ("driver.invalid_url", "sqlite:relative.db"), ("driver.invalid_url", "sqlite://relative.db"),
    ])
    func urlsThatAreNone(_ code: String, _ url: String) throws {
        let error = #expect(throws: DriverError.self) { try DriverRegistry.driver(for: url, environment: [:]) }
        #expect(error?.code == code)
        #expect(error?.message.contains("geheim") == false)
    }

    @Test func libpqsOtherForms() throws {
        #expect(try DriverRegistry.driver(for: "host=db.example dbname='a b'", environment: [:]).databaseName == "a b")
        #expect(try DriverRegistry.driver(for: "postgresql:///x?host=/run/pg", environment: [:]).databaseName == "x")
        let driver = try DriverRegistry.driver(for: "postgres://u@h1,h2:5433/", environment: ["PGDATABASE": "env"])
        #expect(driver.databaseName == "env" && driver.host == "h1")
    }

    /// The first part of the dump arrives, then the server ends the session.
    @Test func aDumpThatDiesHalfWayIsNoDump() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            "CREATE TABLE t AS SELECT repeat(md5(i::text), 100) FROM generate_series(1, 20000) AS i", in: "app")
        let driver = try DriverRegistry.test(server.url("app"))
        let seen = Mutex(0)
        let error = await #expect(throws: DriverError.self) {
            try await driver.dump(counting: true) { source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
                    defer { space.deallocate() }
                    while case let count = try source.read(into: space), count > 0 {
                        let total = seen.withLock { seen in
                            seen += count
                            return seen
                        }
                        if total > 2 << 20 {
                            try server.sql(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump'"
                            )
                        }
                    }
                }
            }
        }
        #expect(error?.code == "driver.tool_failed")
        #expect(seen.withLock { $0 } > 2 << 20)
    }

    @Test func aTypeThatCanNotBeReadIsNoDump() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            """
            CREATE TABLE good AS SELECT i FROM generate_series(1, 100000) AS i;
            CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken page'; END $$;
            CREATE TABLE later (i int);
            INSERT INTO later VALUES (1);
            ALTER TABLE later ENABLE ROW LEVEL SECURITY;
            CREATE ROLE limited LOGIN PASSWORD 'pw';
            GRANT SELECT ON good, later TO limited;
            CREATE POLICY none ON later USING (fails() > 0);
            """, in: "app")
        let driver = try DriverRegistry.test(server.url("app", user: "limited", password: "pw"))
        let error = await #expect(throws: DriverError.self) { try await driver.dumped() }
        #expect(error?.code == "driver.tool_failed")
    }

    @Test func cancellingEndsTheToolAndItsGroup() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            "CREATE TABLE t AS SELECT repeat(md5(i::text), 100) FROM generate_series(1, 20000) AS i", in: "app")
        let driver = try DriverRegistry.test(server.url("app"))
        let mark = "port='\(server.port)'"
        let hasBegun = Mutex(false)
        let task = Task {
            try await driver.dump(counting: true) { source in
                hasBegun.withLock { $0 = true }
                try await Task.sleep(for: .seconds(600))
            }
        }
        try await eventually("pg_dump runs") { hasBegun.withLock { $0 } && !processes(with: mark).isEmpty }
        // The password is nowhere to be seen while it runs.
        #expect(processes(with: PostgreSQLServer.password).isEmpty)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(processes(with: mark).isEmpty)
        #expect(try server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0")
    }

    @Test func aToolThatIsOlderOrMissing() async throws {
        let server = try await PostgreSQLServer()
        let folder = try TemporaryFolder()
        let tool = folder("pg_dump")
        // The real ones are found in Debian's places whatever PATH says, so only a version that is newer than all shows
        // it.
        try "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n".write(toFile: tool, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        let driver = try DriverRegistry.driver(for: server.url("postgres"), environment: ["PATH": folder.path])
        #expect(try await driver.probe().toolVersion != "pg_dump 9.6.1")
    }

    @Test func aToolThatPrintsSomethingElse() async throws {
        let server = try await PostgreSQLServer()
        let folder = try TemporaryFolder()
        let major = try server.sql("SHOW server_version_num").dropLast(4)
        let script =
            "#!/bin/sh\ncase $* in *--version*) echo 'pg_dump (PostgreSQL) \(major).9';; *) echo 'Welcome!'; echo PGDMP;; esac\n"
        try script.write(toFile: folder("pg_dump"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder("pg_dump"))
        let path = folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        let driver = try DriverRegistry.driver(for: server.url("postgres"), environment: ["PATH": path])
        #expect(try await driver.probe().toolVersion == "pg_dump \(major).9")
        await #expect(throws: DriverError.unexpectedDump("pg_dump")) { try await driver.dumped() }
    }
}
