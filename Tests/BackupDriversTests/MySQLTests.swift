import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Against MariaDB; there is no other server of this protocol to test with.
@Suite struct MySQLTests {
    private static let version = "MariaDB 10.11.0"

    @Test func theNastyDatabaseComesBackEqual() async throws {
        let server = try await MariaDBServer()
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/nasty-mariadb.sql")
        try server.sql("CREATE DATABASE nasty CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        try server.sql(String(contentsOf: fixture, encoding: .utf8), in: "nasty")
        let driver = try DriverRegistry.test(server.url("nasty"))
        let facts = try await driver.probe()
        #expect(!facts.isEmpty && facts.engine == .mariadb && facts.engineVersion.hasPrefix("MariaDB 10."))
        #expect(facts.toolVersion?.hasPrefix("mariadb-dump 10.") == true)
        let dumped = try await driver.dumpedWithFingerprint()
        let copy = try DriverRegistry.test(server.url("copy"))
        try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.create = true })
        let text = try server.dumpText("nasty")
        #expect(text.utf8.count > 1_000_000 && text.contains("pwned"))
        #expect(try server.dumpText("copy").replacing("`copy`", with: "`nasty`") == text)
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.moment == .dump)
        #expect(fingerprint.databases.first?.tables?.contains(.init(name: "versioned", rows: 3)) == true)
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        let defaults = "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'copy'"
        #expect(try server.sql(defaults) == "utf8mb4_bin")
        // Over itself.
        try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.overwrite = true })
        #expect(try server.dumpText("copy").replacing("`copy`", with: "`nasty`") == text)
    }

    /// Sums that a transfer keeps, while transfers go on: the dump and its counts are of one moment.
    @Test func oneMomentWhileOthersWrite() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("bank")
        try server.sql(
            """
            CREATE TABLE a ENGINE=InnoDB AS SELECT seq AS i, 1000 AS money FROM seq_1_to_20000;
            CREATE TABLE b ENGINE=InnoDB AS SELECT * FROM a; CREATE TABLE log (i int) ENGINE=InnoDB;
            ALTER TABLE a ADD PRIMARY KEY (i); ALTER TABLE b ADD PRIMARY KEY (i);
            DELIMITER ;;
            CREATE PROCEDURE work() FOR n IN 1 .. 10000000 DO
              START TRANSACTION;
              UPDATE a SET money = money - n % 100 WHERE i = n % 20000 + 1; UPDATE b SET money = money + n % 100 WHERE i = n % 20000 + 1;
              INSERT INTO log VALUES (n); INSERT INTO log VALUES (n);
              COMMIT;
            END FOR;;
            """, in: "bank")
        let writer = try TestProcess(
            "/usr/bin/mariadb",
            ["--no-defaults", "--socket=\(server.folder("socket"))", "--user=root", "-e", "CALL work()", "bank"],
            log: server.folder("writer"))
        defer { writer.stop() }
        try await eventually("the writer writes") {
            try server.sql("SELECT COUNT(*) > 100 FROM log", in: "bank") == "1"
        }
        let driver = try DriverRegistry.test(server.url("bank"))
        for number in 1...3 {
            let dumped = try await driver.dumpedWithFingerprint()
            let copy = try DriverRegistry.test(server.url("copy\(number)"))
            try await copy.restored(dumped.value, from: Self.version, .with { $0.create = true })
            let sum = "SELECT (SELECT SUM(money) FROM a) + (SELECT SUM(money) FROM b), COUNT(*) % 2 FROM log"
            #expect(try server.sql(sum, in: "copy\(number)") == "40000000\t0")
            let fingerprint = try #require(try dumped.fingerprint?.get())
            #expect(fingerprint.moment == .dump)
            #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        }
        #expect(writer.isRunning, "it has to write until the end: \(writer.words)")
    }

    @Test func allOfAServer() async throws {
        let server = try await MariaDBServer()
        for name in ["one", "two ü", "--help"] {
            try server.createDatabase(name)
            try server.sql("CREATE TABLE t (i INT); INSERT INTO t VALUES (1), (2)", in: name)
        }
        try server.sql(
            """
            CREATE ROLE reader; GRANT SELECT ON one.* TO reader;
            CREATE USER 'ann o''x'@'10.%' IDENTIFIED BY 'pw'; GRANT reader TO 'ann o''x'@'10.%'; GRANT INSERT ON one.t TO 'ann o''x'@'10.%';
            """)
        let driver = try DriverRegistry.test(server.url())
        #expect(driver.scope == .server && driver.databaseName == "all-databases")
        let facts = try await driver.probe()
        let dumped = try await driver.dumpedWithFingerprint()
        let other = try await MariaDBServer()
        let target = try DriverRegistry.test(other.url())
        try await target.restored(dumped.value, from: facts.engineVersion)
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.databases.map(\.name) == ["--help", "one", "two ü"])
        #expect(fingerprint.differences(in: try #require(try await target.fingerprint())) == [])
        let grants = "SHOW GRANTS FOR 'ann o''x'@'10.%'; SHOW GRANTS FOR reader"
        #expect(try other.sql(grants) == server.sql(grants))
        await #expect(throws: DriverError.notEmpty("all-databases")) {
            try await target.restored(dumped.value, from: facts.engineVersion)
        }
    }

    /// Of databases, tables and users. What the server takes is backed up under its own name; what it refuses is refused by name.
    @Test func namesAreData() async throws {
        let server = try await MariaDBServer()
        let quote = { (name: String) in "`\(name.replacingBytes("`", with: "``"))`" }
        var known: [String] = []
        for name in Names.nasty {
            let driver = try DriverRegistry.test(server.url(name))
            #expect(driver.databaseName.equalsBytes(name) && driver.host == "127.0.0.1")
            do {
                try server.createDatabase(name)
            } catch {
                let error = await #expect(throws: DriverError.self) { try await driver.dumped() }
                #expect(error?.message.contains(name) == true, "\(String(describing: error))")
                continue
            }
            known.append(name)
            try server.sql("CREATE TABLE \(quote(name)) AS SELECT 42 AS answer", in: name)
            let dumped = try await driver.dumpedWithFingerprint()
            let tables = try #require(try dumped.fingerprint?.get().databases.first?.tables)
            #expect(tables.count == 1 && tables[0].name.equalsBytes(name) && tables[0].rows == 1, "\(name)")
            let copy = String(name.prefix(58)) + "-copy"
            try await DriverRegistry.test(server.url(copy))
                .restored(dumped.value, from: Self.version, .with { $0.create = true })
            #expect(try server.sql("SELECT answer FROM \(quote(name))", in: copy) == "42", "\(name)")
        }
        #expect(known.count == Names.nasty.count - 2, "the server takes all but the longest and the emoji")
        #expect(try server.sql("SHOW DATABASES LIKE 'pwned'") == "")
        let all = try #require(try await DriverRegistry.test(server.url()).fingerprint())
        #expect(all.databases.count == 2 * known.count)
    }

    @Test func passwordsAreDataAndNobodySeesThem() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t (i INT); INSERT INTO t VALUES (1)", in: "app")
        let secrets = [
            "-h", "--help", "; rm -rf /", "$(id)", "'\"`", "new\nline", "x\r\nskip-password", " sp ace ", "пароль🐘",
            "#x", "\\", "\\n",
            "%41", "\u{600}\"'", "\"\u{301}", "e\u{301}", String(repeating: "pä", count: 100),
        ]
        for (number, secret) in secrets.enumerated() {
            let quote = { (text: String) in
                "'\(text.replacingBytes("\\", with: "\\\\").replacingBytes("'", with: "\\'"))'"
            }
            // A user of that name too, as far as a name may be long.
            let user = "\(number)\(secret.prefix(40))"
            try server.sql(
                "CREATE USER \(quote(user)) IDENTIFIED BY \(quote(secret)); GRANT ALL ON app.* TO \(quote(user))")
            let driver = try DriverRegistry.test(server.url("app", user: user, password: secret))
            let seen = Mutex(false)
            let dumped = try await driver.dump(counting: true) { source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                    defer { space.deallocate() }
                    while try source.read(into: space) > 0 {
                        if isVisible(secret) { seen.withLock { $0 = true } }
                    }
                }
            }
            #expect(!seen.withLock { $0 })
            // No right to lock all tables: the counts are of another moment.
            #expect(try dumped.fingerprint?.get().moment == .separate)
            let wrong = try DriverRegistry.test(server.url("app", user: user, password: secret + "x"))
            let error = await #expect(throws: DriverError.self) { try await wrong.dumped() }
            #expect(error?.code == "driver.authentication_failed" && error?.message.contains(secret + "x") == false)
        }
        #expect(leftovers().isEmpty, "no file with a password stays")
    }

    /// Files of settings that nobody has removed.
    private func leftovers() -> [String] {
        let place = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        return ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).filter {
            $0.hasPrefix(".backupy-settings-")
        }
    }

    @Test func whatAPersonGetsWrong() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE USER reader IDENTIFIED BY 'pw'; GRANT USAGE ON *.* TO reader")
        let port = try FreePort.next()
        let cases: [(String, String)] = [
            ("driver.authentication_failed", server.url("app", password: "wrong")),
            ("driver.authentication_failed", server.url("app", user: "nobody")),
            ("driver.authentication_failed", server.url("app", user: "reader", password: "pw")),
            ("driver.unknown_database", server.url("missing")),
            ("driver.cannot_connect", "mysql://x@127.0.0.1:\(port)/app"),
            ("driver.cannot_connect", "mysql://x@nowhere.invalid/app"),
            ("driver.cannot_connect", "mysql://x@localhost/app?socket=/nowhere"),
            ("driver.cannot_connect", server.url("app", parameters: "?ssl-mode=required")),
        ]
        for (code, url) in cases {
            let driver = try DriverRegistry.test(url)
            for attempt in [{ _ = try await driver.probe() }, { _ = try await driver.dumped() }] {
                let error = await #expect(throws: DriverError.self) { try await attempt() }
                #expect(error?.code == code, "\(url): \(String(describing: error))")
            }
        }
        for url in [
            "mysql://h:0/x", "mysql://h/x?nonsense=1", "mysql://h/%zz", "mysql://h/x?ssl-mode=maybe", "mysql://h/a%00b",
            "mysql://h/x#y",
        ] {
            let error = #expect(throws: DriverError.self) { try DriverRegistry.test(url) }
            #expect(error?.code == "driver.invalid_url", "\(url)")
        }
    }

    /// Nothing but users; and an account that the backup knows with another password keeps its own.
    @Test func aServerWithoutDatabasesAndWithAnotherPassword() async throws {
        let server = try await MariaDBServer()
        try server.sql(
            "CREATE USER ann IDENTIFIED BY 'pw'; ALTER USER owner IDENTIFIED BY 'another'; CREATE USER bob IDENTIFIED BY 'x'"
        )
        let dump = try await DriverRegistry.test(server.url(password: "another")).dumpedWithFingerprint()
        #expect(try dump.fingerprint?.get().databases == [])
        let other = try await MariaDBServer()
        try other.sql(
            "CREATE USER bob; GRANT ALL ON *.* TO bob WITH GRANT OPTION; GRANT PROXY ON ''@'%' TO bob WITH GRANT OPTION"
        )
        for target in [other.url(), other.url(user: "bob", password: "")] {
            try other.sql("ALTER USER bob IDENTIFIED BY ''")
            let driver = try DriverRegistry.test(target)
            try await driver.restored(dump.value, from: Self.version)
            #expect(try await driver.fingerprint()?.databases == [], "its own login is as before")
        }
        #expect(try other.sql("SHOW GRANTS FOR ann") == server.sql("SHOW GRANTS FOR ann"))
        #expect(try await DriverRegistry.test(other.url(user: "ann", password: "pw")).probe().isEmpty)
    }

    /// What the tools say of their version, from the products' own packages.
    @Test(arguments: [
        ("mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)", "MySQL 5.7.44"),
        ("mysql  Ver 14.14 Distrib 5.7.44-48, for Linux (x86_64) using  6.2", "MySQL 5.7.44"),
        ("mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", "MySQL 8.0.36"),
        ("mysql  Ver 8.0.39-0ubuntu0.22.04.1 for Linux on x86_64 ((Ubuntu))", "MySQL 8.0.39"),
        ("mariadb-dump  Ver 10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)", "MariaDB 10.11.6"),
        ("mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)", "MariaDB 11.4.2"), ("curl 7.1.2", nil),
    ])
    func versionsOfTools(_ text: String, _ version: String?) {
        #expect(MySQLVersion(tool: text)?.description == version)
    }

    @Test func overASocket() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t (i INT); INSERT INTO t VALUES (7)", in: "app")
        let url = "mysql://root@localhost/app?socket=" + server.folder("socket")
        let driver = try DriverRegistry.test(url)
        let dump = try await driver.dumped()
        let copy = try DriverRegistry.test("mysql://root@localhost/copy?socket=" + server.folder("socket"))
        try await copy.restored(dump, from: Self.version, .with { $0.create = true })
        #expect(try server.sql("SELECT i FROM t", in: "copy") == "7")
    }

    @Test func onlyIntoAnEmptyDatabaseAndOfTheSameKind() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t (i INT); INSERT INTO t VALUES (7)", in: "app")
        let full = try DriverRegistry.test(server.url("app"))
        let dump = try await full.dumped()
        await #expect(throws: DriverError.notEmpty("app")) { try await full.restored(dump, from: Self.version) }
        let missing = try DriverRegistry.test(server.url("missing"))
        await #expect(throws: DriverError.unknownDatabase("missing")) {
            try await missing.restored(dump, from: Self.version)
        }
        for (version, code) in [("MariaDB 99.1.0", "driver.server_too_old"), ("MySQL 5.7.1", "driver.other_flavour")] {
            let error = await #expect(throws: DriverError.self) {
                try await missing.restored(dump, from: version, .with { $0.create = true })
            }
            #expect(error?.code == code)
        }
        let error = await #expect(throws: DriverError.self) {
            try await missing.restored(dump, from: Self.version, .with { $0.withoutOwners = true })
        }
        #expect(error?.code == "driver.unsupported_option")
        #expect(try server.sql("SHOW DATABASES LIKE 'missing'") == "")
    }

    @Test func afterAFailureItSaysWhatStateTheTargetIsIn() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t (i INT); INSERT INTO t VALUES (7)", in: "app")
        let dump = try await DriverRegistry.test(server.url("app")).dumped()
        let broken =
            dump.prefix(while: { _ in true })
            + Array("SELECT nonsense FROM nowhere;\n-- end of a dump that is wrong\n".utf8)
        let made = try DriverRegistry.test(server.url("made"))
        let failure = await #expect(throws: RestoreFailure.self) {
            try await made.restored(Array(broken), from: Self.version, .with { $0.create = true })
        }
        #expect(
            failure?.state == .unchanged && failure?.code == "driver.query_failed", "\(String(describing: failure))")
        #expect(try server.sql("SHOW DATABASES LIKE 'made'") == "")
        try server.createDatabase("made")
        let second = await #expect(throws: RestoreFailure.self) {
            try await made.restored(Array(broken), from: Self.version)
        }
        #expect(second?.state == .partial)
        #expect(try server.sql("SELECT i FROM t", in: "made") == "7")
    }

    /// Tools that are missing, too old, killed half-way, end early without saying so, or say very much.
    @Test func toolsThatFail() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT seq, REPEAT('x', 500) FROM seq_1_to_20000", in: "app")
        let folder = try TemporaryFolder()
        func failing(_ script: String?) async throws -> DriverError? {
            for name in ["mariadb", "mariadb-dump"] { try? FileManager.default.removeItem(atPath: folder(name)) }
            try FileManager.default.createSymbolicLink(
                atPath: folder("mariadb"), withDestinationPath: "/usr/bin/mariadb")
            if let script {
                let text =
                    "#!/bin/bash\ncase $* in *--version*|*--help*) exec /usr/bin/mariadb-dump \"$@\";; esac\n" + script
                _ = FileManager.default.createFile(
                    atPath: folder("mariadb-dump"), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
            }
            let driver = try DriverRegistry.test(server.url("app"), environment: ["PATH": folder.path])
            return await #expect(throws: DriverError.self) { try await driver.dumped() }
        }
        #expect(try await failing(nil) == .toolNotFound("mariadb-dump"))
        let old = "case $* in *--version*) echo 'mariadb-dump  Ver 10.19 Distrib 10.1.9-MariaDB, for x';; esac; exit 0"
        let killed = try await failing("/usr/bin/mariadb-dump \"$@\" | /usr/bin/head -c 2000000; kill -9 $$")
        #expect(killed == .toolFailed("mariadb-dump", ending: "signal 9", words: "mariadb-dump: Got errno 32 on write"))
        let cut = try await failing("/usr/bin/mariadb-dump \"$@\" | /usr/bin/head -c 2000000; exit 0")
        #expect(cut == .incompleteDump("mariadb-dump"))
        #expect(try await failing("echo hello; exit 0") == .unexpectedDump("mariadb-dump"))
        let loud = try await failing("/usr/bin/yes trouble | /usr/bin/head -c 50000000 >&2; exit 3")
        guard case .toolFailed(_, "exit status 3", let words) = loud else {
            throw TestFailure("\(String(describing: loud))")
        }
        #expect(words.utf8.count <= 8192 && words.hasSuffix("trouble"))
        let text = "#!/bin/bash\n" + old
        try FileManager.default.removeItem(atPath: folder("mariadb-dump"))
        _ = FileManager.default.createFile(
            atPath: folder("mariadb-dump"), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
        let driver = try DriverRegistry.test(server.url("app"), environment: ["PATH": folder.path])
        let error = await #expect(throws: DriverError.self) { try await driver.probe() }
        #expect(error?.code == "driver.tool_too_old" && error?.message.contains("10.1.9") == true)
    }

    @Test func cancellingEndsTheTool() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT seq, REPEAT('x', 1000) FROM seq_1_to_50000", in: "app")
        let driver = try DriverRegistry.test(server.url("app"))
        let started = Monitor(false)
        let task = Task {
            try await driver.dump(counting: true) { source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
                    defer { space.deallocate() }
                    _ = try source.read(into: space)
                    started.update { $0 = true }
                    // Nobody reads on: the tool waits in its pipe.
                    while try source.read(into: space) > 0 { usleep(100_000) }
                }
            }
        }
        try await BlockingThread.run("test") { started.wait { $0 ? () : nil } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let count = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'owner'"
        try await eventually("the server's sessions end") { try server.sql(count) == "0" }
        #expect(leftovers().isEmpty)
    }
}
