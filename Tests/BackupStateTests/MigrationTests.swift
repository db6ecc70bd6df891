import BackupCore
import BackupTestSupport
import Testing

@testable import BackupState

@Suite struct MigrationTests {
    private static let newer = StateSchema(migrations: [
        ["ALTER TABLE entries ADD COLUMN note TEXT"], ["CREATE TABLE extra (x)", "INSERT INTO extra VALUES (1)"],
    ])

    private func open(_ folder: TemporaryFolder, _ schema: StateSchema) async throws -> StateStore {
        try await StateStore.open(directory: folder("state"), key: agentKey, limits: StateLimits(), schema: schema)
    }

    @Test func everyVersionIsReachedInOrderAndKeepsWhatIsThere() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("state")) { try await $0.put(.config, "k", [1]) }
        let store = try await open(folder, Self.newer)
        #expect(try await store.get(.config, "k") == [1])
        await store.close()
        let database = try StateDatabase(folder("state/state.db"), .readOnly)
        #expect(try database.number("PRAGMA user_version") == 3)
        #expect(try database.number("SELECT count(*) FROM extra") == 1)

        await #expect(throws: StateError.newerVersion(folder("state/state.db"), version: 3, known: 1)) {
            try await open(folder, StateSchema())
        }
        await #expect(throws: StateError.newerVersion(folder("state/state.db"), version: 3, known: 1)) {
            try await StateSnapshot.read(directory: folder("state"), key: agentKey)
        }
    }

    @Test func aMigrationThatFailsLeavesTheVersionBefore() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("state")) { try await $0.put(.config, "k", [1]) }
        let broken = StateSchema(migrations: [Self.newer.migrations[0], ["CREATE TABLE extra (x)", "no SQL"]])
        await #expect(throws: StateError.self) { try await open(folder, broken) }
        do {
            let database = try StateDatabase(folder("state/state.db"), .readOnly)
            #expect(try database.number("PRAGMA user_version") == 2)
            #expect(try database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0)
        }
        let store = try await open(folder, Self.newer)
        #expect(try await store.get(.config, "k") == [1])
        await store.close()
    }
}
