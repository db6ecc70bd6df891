import BackupCore
import BackupTestSupport
import Foundation
import Testing

@testable import BackupState

/// What can't be opened is said to be so, and stays as it was, byte for byte.
@Suite struct RefusalTests {
    private static func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    private static func filled(_ folder: TemporaryFolder) async throws -> String {
        try await withState(folder("state")) { store in
            for number in 0..<40 { try await store.put(.queue, "run \(number)", StoreBytes.noise(700)) }
            try await store.append([1, 2, 3])
            try await store.appendLogs([[4]])
        }
        return folder("state/state.db")
    }

    @Test func aWrongKey() async throws {
        let folder = try TemporaryFolder()
        let path = try await Self.filled(folder)
        let before = try Self.contents(path)
        #expect(await refusal(folder("state"), key: otherKey) == "state.wrong_key")
        #expect(try Self.contents(path) == before)
        #expect(await refusal(folder("state")) == nil)
    }

    /// As after a SIGKILL: the last changes are in the journal only.
    @Test func aWrongKeyLeavesTheJournalToo() async throws {
        let folder = try TemporaryFolder()
        let store = try await StateStore.open(directory: folder("state"), key: agentKey)
        try await store.put(.config, "k", [1])
        try FileManager.default.createDirectory(atPath: folder("copy"), withIntermediateDirectories: false)
        for name in ["state.db", "state.db-wal"] {
            try FileManager.default.copyItem(atPath: folder("state/\(name)"), toPath: folder("copy/\(name)"))
        }
        await store.close()
        let journal = try Self.contents(folder("copy/state.db-wal"))
        #expect(journal.count > 0)
        #expect(await refusal(folder("copy"), key: otherKey) == "state.wrong_key")
        #expect(try Self.contents(folder("copy/state.db-wal")) == journal)
        let value = try await withState(folder("copy")) { try await $0.get(.config, "k") }
        #expect(value == [1])
    }

    @Test func noDamageIsTakenForNoState() async throws {
        let folder = try TemporaryFolder()
        let path = try await Self.filled(folder)
        let whole = try Self.contents(path)
        var damaged: [(String, Data)] = [
            ("empty", Data()), ("cut", whole.prefix(whole.count / 2)), ("cut to a header", whole.prefix(100)),
            ("other text", Data("not a database at all".utf8)), ("zeroes", Data(count: whole.count)),
        ]
        damaged.append(
            ("swapped pages", whole.prefix(8192) + whole[12288..<16384] + whole[8192..<12288] + whole[16384...]))
        for (name, bytes) in damaged {
            try bytes.write(to: URL(filePath: path))
            #expect(await refusal(folder("state")) == "state.damaged", "\(name)")
            #expect(try Self.contents(path) == bytes, "\(name)")
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        try FileManager.default.removeItem(atPath: path)
        try Data([1]).write(to: URL(filePath: path + "-wal"))
        #expect(await refusal(folder("state")) == "state.damaged", "a journal without its database")
    }

    @Test func aFlippedByteIsAnErrorOrChangesNothing() async throws {
        let folder = try TemporaryFolder()
        let path = try await Self.filled(folder)
        let whole = try Self.contents(path)
        let values = try await withState(folder("state")) { try await $0.values(.queue) }
        var random = SeededRandom(7)
        var refused = 0
        for _ in 0..<60 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try bytes.write(to: URL(filePath: path))
            let code = await refusal(folder("state"))
            if let code {
                #expect(code.hasPrefix("state."))
                refused += 1
            } else {
                #expect(try await withState(folder("state")) { try await $0.values(.queue) } == values)
            }
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        #expect(refused > 20)
    }

    @Test func valuesThatChangedPlacesAreDamage() async throws {
        let folder = try TemporaryFolder()
        let path = try await Self.filled(folder)
        do {
            let database = try StateDatabase(path, .readWrite)
            try database.run("UPDATE entries SET key = 'x' WHERE key = 'run 1'")
            try database.run("UPDATE entries SET key = 'run 1' WHERE key = 'run 2'")
        }
        #expect(await refusal(folder("state")) == "state.damaged")
    }

    @Test func aChangedCheckValueIsDamageAndNoWrongKey() async throws {
        let folder = try TemporaryFolder()
        let path = try await Self.filled(folder)
        do { try StateDatabase(path, .readWrite).run("UPDATE meta SET value = zeroblob(48)") }
        #expect(await refusal(folder("state")) == "state.damaged")
    }

    @Test func anotherProgramsDatabaseIsNotTouched() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder("state"), withIntermediateDirectories: false)
        do { try StateDatabase(folder("state/state.db"), .create).run("CREATE TABLE t (x)") }
        let before = try Self.contents(folder("state/state.db"))
        #expect(await refusal(folder("state")) == "state.damaged")
        #expect(try Self.contents(folder("state/state.db")) == before)
    }

    @Test func aBeginningThatWasCutOffIsBegunAgain() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder("state"), withIntermediateDirectories: false)
        try Data("half".utf8).write(to: URL(filePath: folder("state/state.db.new")))
        try await withState(folder("state")) { try await $0.put(.config, "k", [1]) }
        #expect(folder.files() == ["state/state.db", "state/state.lock"])
    }
}
