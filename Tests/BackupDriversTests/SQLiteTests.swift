import BackupCore
import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct SQLiteTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sqlite(_ file: String, _ sql: String) throws -> String {
        let outcome = try TestProcess.run("/usr/bin/sqlite3", ["-bail", folder(file)], input: ".timeout 10000\n" + sql)
        guard outcome.status == 0 else { throw TestFailure("sqlite3: \(outcome.errors)") }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    private func driver(_ file: String) throws -> any DatabaseDriver {
        try DriverRegistry.test("sqlite://\(folder(file))")
    }

    @Test func itComesBackEqual() async throws {
        _ = try sqlite(
            "a.db",
            """
            PRAGMA user_version = 7; PRAGMA application_id = 99; PRAGMA page_size = 8192; PRAGMA encoding = 'UTF-16le'; VACUUM;
            CREATE TABLE t (i INTEGER PRIMARY KEY, b BLOB, "we""ird" TEXT DEFAULT 'x');
            INSERT INTO t (b) SELECT randomblob(1000) FROM generate_series(1, 2000);
            CREATE INDEX x ON t (b); CREATE VIEW v AS SELECT 1; CREATE VIRTUAL TABLE f USING fts5(body);
            INSERT INTO f VALUES ('hello world'); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
            """)
        let dumped = try await driver("a.db").dumpedWithFingerprint()
        try await driver("b.db").restored(dumped.value, from: "SQLite 3.40.1")
        let found = try #require(try await driver("b.db").fingerprint())
        #expect(try dumped.fingerprint?.get().differences(in: found) == [])
        #expect(found.databases.first?.tables?.contains(.init(name: "t", rows: 2000)) == true)
        // VACUUM writes the schema in an order of its own.
        let lines = { try self.sqlite($0, ".dump").split(separator: "\n").sorted() }
        #expect(try lines("b.db") == lines("a.db"))
        let facts = "PRAGMA user_version; PRAGMA application_id; PRAGMA page_size; PRAGMA encoding;"
        #expect(try sqlite("b.db", facts) == sqlite("a.db", facts))
        #expect(folder.files() == ["a.db", "b.db"], "no copy is left")
    }

    @Test func namesAreData() async throws {
        let names = [
            "x\u{600}\"", "y\"\u{301}", "o'brien", "new\nline", "caf\u{e9}", "cafe\u{301}", "--", "данные 🐘",
            "; DROP TABLE \"--\"",
        ]
        for (count, name) in names.enumerated() {
            let quoted = name.replacingBytes("\"", with: "\"\"")
            _ = try sqlite("a.db", "CREATE TABLE \"\(quoted)\" AS SELECT value FROM generate_series(1, \(count + 1));")
        }
        let fingerprint = try #require(try await driver("a.db").fingerprint())
        let rows = (fingerprint.databases.first?.tables ?? []).map { "\(Array($0.name.utf8)) \($0.rows)" }
        #expect(rows.sorted() == names.enumerated().map { "\(Array($1.utf8)) \($0 + 1)" }.sorted())
        // The same for the file.
        for name in ["o'brien.db", "x\u{600}'.db", "--help", "$(id)", "new\nline", "данные 🐘"] {
            try FileManager.default.copyItem(atPath: folder("a.db"), toPath: folder(name))
            let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name
            let source = try driver(encoded)
            #expect(source.databaseName.equalsBytes(name))
            let dumped = try await source.dumpedWithFingerprint()
            let copy = try driver(encoded + "-copy")
            try await copy.restored(dumped.value, from: "SQLite 3.40.1")
            #expect(try dumped.fingerprint?.get().differences(in: try #require(try await copy.fingerprint())) == [])
        }
    }

    @Test func whileOthersWriteInWALMode() async throws {
        _ = try sqlite("a.db", "PRAGMA journal_mode = wal; CREATE TABLE t (i INTEGER PRIMARY KEY, pair INTEGER);")
        let writer = try TestProcess(
            "/usr/bin/python3",
            [
                "-c",
                """
                import sqlite3, sys
                c = sqlite3.connect(sys.argv[1], timeout=30)
                while True:
                    with c:
                        n = c.execute('SELECT count(*) FROM t').fetchone()[0]
                        c.execute('INSERT INTO t (pair) VALUES (?)', (n,))
                        c.execute('INSERT INTO t (pair) VALUES (?)', (n,))
                """, folder("a.db"),
            ], log: folder("log"))
        defer { writer.stop() }
        try await eventually("the writer writes") { try Int(sqlite("a.db", "SELECT count(*) FROM t")) ?? 0 > 10 }
        for round in 0..<5 {
            let dump = try await driver("a.db").dumped()
            try await driver("copy\(round).db").restored(dump, from: "SQLite 3.40.1")
            // Pairs are written in one transaction: a torn copy has an odd number.
            #expect(try sqlite("copy\(round).db", "SELECT count(*) % 2, count(*) > 10 FROM t") == "0|1")
        }
        #expect(writer.isRunning, "\(writer.words)")
    }

    @Test func whatIsNoDatabase() async throws {
        try Data(repeating: 65, count: 10_000).write(to: URL(filePath: folder("text.db")))
        try FileManager.default.createDirectory(atPath: folder("directory"), withIntermediateDirectories: false)
        _ = try sqlite(
            "damaged.db", "CREATE TABLE t (b); INSERT INTO t SELECT randomblob(3000) FROM generate_series(1, 300);")
        var bytes = Array(try #require(FileManager.default.contents(atPath: folder("damaged.db"))))
        for offset in stride(from: 40_960, to: 400_000, by: 4096) {
            bytes.replaceSubrange(offset..<offset + 64, with: repeatElement(0xFF, count: 64))
        }
        try Data(bytes).write(to: URL(filePath: folder("damaged.db")))
        for (file, code) in [
            ("missing.db", "driver.file_not_found"), ("text.db", "driver.not_a_database"),
            ("directory", "driver.not_a_database"),
            ("damaged.db", "driver.damaged"),
        ] {
            let error = await #expect(throws: DriverError.self, "\(file)") { try await driver(file).dumped() }
            #expect(error?.code == code, "\(file): \(String(describing: error))")
        }
    }

    @Test func overAnExistingOneOnlyWhenTold() async throws {
        _ = try sqlite("a.db", "CREATE TABLE t (i); INSERT INTO t VALUES (1);")
        _ = try sqlite("b.db", "PRAGMA journal_mode = wal; CREATE TABLE other (i);")
        let dump = try await driver("a.db").dumped()
        await #expect(throws: DriverError.notEmpty(folder("b.db"))) {
            try await driver("b.db").restored(dump, from: "SQLite 3")
        }
        try await driver("b.db").restored(dump, from: "SQLite 3", .with { $0.overwrite = true })
        #expect(try sqlite("b.db", "SELECT i FROM t") == "1")
        #expect(folder.files() == ["a.db", "b.db"])
    }

    @Test func notBesideAJournalOfAFileThatIsGone() async throws {
        _ = try sqlite("a.db", "CREATE TABLE t (i); INSERT INTO t VALUES (1);")
        let dump = try await driver("a.db").dumped()
        for name in ["b.db-wal", "b.db-journal"] {
            try Data("changes".utf8).write(to: URL(filePath: folder(name)))
            let error = await #expect(throws: DriverError.self) {
                try await driver("b.db").restored(dump, from: "SQLite 3")
            }
            #expect(error?.code == "driver.leftover_journal")
            #expect(folder.files().contains(name) && !folder.files().contains("b.db"))
            try FileManager.default.removeItem(atPath: folder(name))
        }
    }

    @Test func itKeepsOwnerPermissionsAndLinks() async throws {
        _ = try sqlite("a.db", "CREATE TABLE t (i); INSERT INTO t VALUES (1);")
        _ = try sqlite("b.db", "CREATE TABLE other (i);")
        #expect(chmod(folder("b.db"), 0o640) == 0)
        #expect(symlink("b.db", folder("link.db")) == 0)
        if geteuid() == 0 { #expect(chown(folder("b.db"), 65534, 65534) == 0) }
        let dump = try await driver("a.db").dumped()
        try await driver("link.db").restored(dump, from: "SQLite 3", .with { $0.overwrite = true })
        var status = stat()
        #expect(lstat(folder("b.db"), &status) == 0 && status.st_mode == S_IFREG | 0o640)
        #expect(geteuid() != 0 || status.st_uid == 65534)
        #expect(lstat(folder("link.db"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(try sqlite("link.db", "SELECT i FROM t") == "1")
    }

    @Test func notUnderSomebodyWhoUsesIt() async throws {
        _ = try sqlite("a.db", "CREATE TABLE t (i);")
        _ = try sqlite("b.db", "PRAGMA journal_mode = wal; CREATE TABLE other (i);")
        let dump = try await driver("a.db").dumped()
        let user = try TestProcess(
            "/usr/bin/python3",
            [
                "-c",
                """
                import sqlite3, sys, time
                c = sqlite3.connect(sys.argv[1], isolation_level=None)
                c.execute('BEGIN'); c.execute('SELECT * FROM other').fetchall(); print('reading', flush=True); time.sleep(600)
                """, folder("b.db"),
            ], log: folder("log"))
        defer { user.stop() }
        try await eventually("it reads") { user.words.contains("reading") }
        let failure = await #expect(throws: RestoreFailure.self) {
            try await driver("b.db").restored(dump, from: "SQLite 3", .with { $0.overwrite = true })
        }
        #expect(failure?.state == .unchanged && failure?.code == "driver.busy")
        #expect(!folder.files().contains { $0.hasSuffix(".part") })
    }

    @Test func aDamagedDumpIsNotPutInPlace() async throws {
        _ = try sqlite(
            "a.db", "CREATE TABLE t (b); INSERT INTO t SELECT randomblob(3000) FROM generate_series(1, 300);")
        var dump = try await driver("a.db").dumped()
        dump.removeLast(dump.count / 3)
        let failure = await #expect(throws: RestoreFailure.self) {
            try await driver("c.db").restored(dump, from: "SQLite 3")
        }
        #expect(failure?.state == .unchanged)
        #expect(folder.files() == ["a.db"])
    }
}
