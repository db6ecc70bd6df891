import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// What every database of the control plane does.
@Suite struct SQLDatabaseTests {
    private static let setting = "INSERT INTO settings (name, value) VALUES (?, ?)"

    @Test(arguments: DatabaseKind.allCases)
    func valuesComeBackAsTheyWere(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let bytes = (0...255).map { UInt8($0) }
        try await database.sql.write { connection in
            try connection.script("CREATE TABLE things (n BIGINT, t TEXT, b BYTEA, r DOUBLE PRECISION)")
            for values: [SQLValue] in [
                [.integer(.max), .text("d'é\u{1F4A9} \\ \"$1\""), .bytes(bytes), .real(0.5)],
                [.integer(.min), .text(""), .bytes([]), .null], [.null, .null, .null, .null],
            ] {
                try connection.run("INSERT INTO things (n, t, b, r) VALUES (?, ?, ?, ?)", values)
            }
        }
        let rows = try await database.sql.read { try $0.rows("SELECT n, t, b, r FROM things ORDER BY r DESC, n") }
        let all = try rows.map { row in try ["n", "t", "b", "r"].map { try row.value($0) } }
        #expect(all.contains([.integer(.max), .text("d'é\u{1F4A9} \\ \"$1\""), .bytes(bytes), .real(0.5)]))
        #expect(all.contains([.integer(.min), .text(""), .bytes([]), .null]))
        #expect(all.contains([.null, .null, .null, .null]))
        #expect(throws: ControlStoreError.self) { try rows[0].text("nothing") }
        await database.close()
    }

    @Test func aTimeIsTheSameHoweverOftenItIsStored() {
        for number in Int64(0)..<5000 {
            #expect(Date(milliseconds: number).milliseconds == number)
            let today = 1_780_000_000_000 + number
            #expect(Date(milliseconds: today).milliseconds == today)
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatThrowsLeavesNothing(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        await #expect(throws: TestFailure.self) {
            try await database.sql.write { connection in
                try connection.run(Self.setting, [.text("a"), .text("1")])
                throw TestFailure("no")
            }
        }
        try await database.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("2")]) }
        await #expect {
            try await database.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("3")]) }
        } throws: {
            if case ControlStoreError.duplicate = $0 { true } else { false }
        }
        #expect(try fixture.sql("SELECT name || value FROM settings") == "a2")
        await database.close()
    }

    /// PostgreSQL answers the COMMIT of such a transaction like any other.
    @Test(arguments: DatabaseKind.allCases)
    func whatGoesOnAfterAFailureIsNotCommitted(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        await #expect {
            try await database.sql.write { connection in
                try connection.run(Self.setting, [.text("a"), .text("1")])
                do { try connection.run(Self.setting, [.text("a"), .text("2")]) } catch ControlStoreError.duplicate {}
            }
        } throws: {
            if case ControlStoreError.failed(state: "25P02", reason: _) = $0 { true } else { false }
        }
        #expect(try fixture.sql("SELECT count(*) FROM settings") == "0")
        try await database.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("3")]) }
        #expect(try fixture.sql("SELECT value FROM settings") == "3")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatPointsToNothingIsRefused(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        await #expect {
            try await database.sql.write { connection in
                _ = try connection.run(
                    "INSERT INTO targets VALUES ('t', 'nobody', 'n', 'redis', '', 0, '', '', '', NULL, '', 'tcp', 0)")
            }
        } throws: {
            if case ControlStoreError.reference = $0 { true } else { false }
        }
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func manyThatOpenAnEmptyDatabaseAtOnceMakeItsTablesOnce(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let all = try await withThrowingTaskGroup(of: ControlDatabase.self) { group in
            for _ in 0..<4 { group.addTask { try await fixture.open() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try fixture.sql("SELECT version FROM schema_version") == "1")
        for database in all { await database.close() }
    }

    /// One that fails does not take the others of its commit with it.
    @Test(arguments: DatabaseKind.allCases)
    func manyAtOnceAreEachTheirOwn(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let good = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    do {
                        return try await database.sql.write { connection in
                            try connection.run(Self.setting, [.text("\(number)"), .text("x")])
                            if number.isMultiple(of: 3) { throw TestFailure("no") }
                            return true
                        }
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(good == 200)
        #expect(try fixture.sql("SELECT count(*) FROM settings") == "200")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func openingAgainChangesNothingAndANewerVersionIsRefused(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let first = try await fixture.open()
        try await first.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("1")]) }
        let second = try await fixture.open()
        #expect(try await second.sql.read { try $0.row("SELECT value FROM settings")?.text("value") } == "1")
        await first.close()
        await second.close()
        try fixture.sql("UPDATE schema_version SET version = 1000")
        await #expect { _ = try await fixture.open() } throws: {
            if case ControlStoreError.newerSchema(found: 1000, known: _) = $0 { true } else { false }
        }
    }

    @Test(arguments: DatabaseKind.allCases)
    func whoListensIsWoken(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        // For SQLite there is one process; for PostgreSQL another replica tells.
        let other = kind == .sqlite ? database : try await fixture.open()
        let heard = Heard()
        let listener = Task { for await topic in database.sql.wakeUps() { heard.add(topic) } }
        try await eventually("the word has come") {
            try await other.sql.write { try $0.wake("runs") }
            return heard.all.contains("runs")
        }
        listener.cancel()
        await database.close()
        await other.close()
    }

    @Test func connectionsThatBreakAreMadeAnew() async throws {
        let fixture = try await DatabaseFixture(.postgresql)
        let database = try await fixture.open()
        try fixture.cutConnections()
        try await database.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("1")]) }
        let counter = Heard()
        try await database.sql.write { connection in
            try connection.run("UPDATE settings SET value = value || 'x'")
            counter.add("again")
            guard counter.all.count == 1 else { return }
            try fixture.cutConnections()
            _ = try connection.rows("SELECT 1")
        }
        #expect(counter.all.count == 2)
        #expect(try fixture.sql("SELECT value FROM settings") == "1x")
        await database.close()
    }

    @Test func aFileThatIsNoDatabaseIsToldToBeDamaged() async throws {
        let folder = try TemporaryFolder()
        try Data("this is no database, but it is long enough to be taken for the head of one".utf8).write(
            to: URL(filePath: folder("x.db")))
        await #expect { _ = try await ControlDatabase.open(Secret(folder("x.db"))) } throws: {
            if case ControlStoreError.damaged = $0 { true } else { false }
        }
    }

    @Test func aFileThatIsDamagedInItsMiddleIsTold() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        try await database.sql.write { connection in
            for number in 0..<2000 {
                try connection.run(Self.setting, [.text("\(number)"), .text(String(repeating: "x", count: 200))])
            }
        }
        await database.close()
        try fixture.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        let file = try FileHandle(forWritingTo: URL(filePath: fixture.address.revealed))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size / 2)
        try file.write(contentsOf: Data(repeating: 0xa5, count: Int(size / 2)))
        try file.close()
        await #expect {
            let damaged = try await fixture.open()
            _ = try await damaged.sql.read { try $0.rows("SELECT * FROM settings") }
        } throws: {
            if case ControlStoreError.damaged = $0 { true } else { false }
        }
    }

    /// FULL, and foreign keys, on the connection that writes.
    @Test func aCommitWaitsForTheDisk() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        let settings = try await database.sql.write { connection in
            try ["synchronous", "foreign_keys"].map { try connection.row("PRAGMA \($0)")?.integer($0) }
        }
        #expect(settings == [2, 1])
        #expect(try fixture.sql("PRAGMA journal_mode") == "wal")
        await database.close()
    }

    @Test func theFileIsItsOwnersAlone() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        try await database.sql.write { _ = try $0.run(Self.setting, [.text("a"), .text("1")]) }
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.address.revealed + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        await database.close()
    }

    /// What is not encoded becomes another part of the address, and libpq repeats those.
    @Test(arguments: [
        "postgres://user:very/secret@127.0.0.1:1/control", "postgres://user:12/secret@127.0.0.1:1/control",
        "postgres://user:very@secret@127.0.0.1:1/control", "postgres://user:very%zzsecret@127.0.0.1:1/control",
        "postgres://user:very?secret@127.0.0.1:1/control", "postgres://user:very/s?secret@127.0.0.1:1/control",
        "postgres://user:12/x?host=secret@127.0.0.1:1/control", "postgres://user:[secret@127.0.0.1:1/control",
        "postgres://:secret@127.0.0.1:1/control", "postgres://user:secret@[127.0.0.1:1/control",
    ])
    func noPartOfAPasswordIsTold(_ address: String) async throws {
        let error = await #expect(throws: ControlStoreError.self) {
            _ = try await ControlDatabase.open(Secret(address))
        }
        let told = error.map { "\($0) \($0.message) \($0.hint)" } ?? ""
        #expect(!told.contains("secret") && !told.contains("very"), "\(told)")
    }

    @Test func aServerThatIsNotThereIsToldWithoutItsPassword() async throws {
        let address = Secret("postgres://user:very-secret@127.0.0.1:1/control")
        let error = await #expect(throws: ControlStoreError.self) { _ = try await ControlDatabase.open(address) }
        #expect(error?.code == "control_store.unreachable")
        #expect(error.map { "\($0)".contains("very-secret") } == false)
    }
}

private final class Heard: Sendable {
    private let words = Mutex<[String?]>([])
    var all: [String?] { words.withLock { $0 } }
    func add(_ word: String?) { words.withLock { $0.append(word) } }
}
