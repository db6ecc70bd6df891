import BackupCore
import BackupState
import BackupTestSupport
import Testing

@Suite struct SnapshotTests {
    @Test func aRunningAgentsStateCanBeRead() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        limits.logEntries = 1
        try await withState(folder("state"), limits: limits) { store in
            try await store.put(.config, "current", [1])
            try await store.append([2])
            try await store.appendLogs([[3], [4]])
            let snapshot = try await StateSnapshot.read(directory: folder("state"), key: agentKey)
            #expect(snapshot.version == 1)
            #expect(snapshot.entries.map(\.bucket) == [.config, .logsBuffer, .outbox])
            #expect(snapshot.entries.map(\.value) == [[1], [4], [2]])
            #expect(snapshot.dropped == [.logsBuffer: 1])
            try await store.put(.config, "current", [5])
            await #expect(throws: StateError.wrongKey(folder("state/state.db"))) {
                try await StateSnapshot.read(directory: folder("state"), key: otherKey)
            }
        }
        let after = try await StateSnapshot.read(directory: folder("state"), key: agentKey)
        #expect(after.entries.map(\.value) == [[5], [4], [2]], "without an agent too")
    }

    @Test func whereNoAgentWasThereIsNone() async throws {
        let folder = try TemporaryFolder()
        await #expect(throws: StateError.missing(folder("state/state.db"))) {
            try await StateSnapshot.read(directory: folder("state"), key: agentKey)
        }
        #expect(folder.files() == [])
    }
}
