@testable import BackupAgent
import BackupCore
import BackupState
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// What `agent dump-state` makes of a state.
@Suite struct StateDumpTests {
    private let key = Secret("bkpy_test_" + String(repeating: "A", count: 32))

    private func dump(_ changes: [StateChange]) async throws -> StateDump {
        let folder = try TemporaryFolder()
        let state = try await StateStore.open(directory: folder("state"), key: key)
        try await state.apply(changes)
        await state.close()
        let snapshot = try await StateSnapshot.read(directory: folder("state"), key: key)
        return try StateDump(snapshot, withSecrets: false)
    }

    @Test func runsAndRestoresAreToldApartByTheirKeys() async throws {
        var restore = RunRestore()
        restore.restoreID = "s1"
        var run = RunBackup()
        run.runID = "r1"
        let dump = try await dump([
            .put(.queue, key: "restore/s1", try RestoreRecord(restore, order: 1).encoded()),
            .put(.queue, key: "run/r1", try RunRecord(run, order: 2).encoded()),
            .put(.queue, key: "restore/s0", try RestoreRecord(restore, phase: .ended, order: 0).encoded()),
        ])
        #expect(dump.queue.map(\.runID) == ["r1"])
        #expect(dump.restores.map(\.phase) == [.ended, .waiting])
    }

    /// One that can't be read is not another kind of record.
    @Test func aRecordOfTheOtherKindIsAnError() async throws {
        let run = try RunRecord(RunBackup(), order: 1).encoded()
        await #expect(throws: DecodingError.self) { try await dump([.put(.queue, key: "restore/s1", run)]) }
        let restore = try RestoreRecord(RunRestore(), order: 1).encoded()
        await #expect(throws: DecodingError.self) { try await dump([.put(.queue, key: "run/r1", restore)]) }
        await #expect(throws: (any Error).self) { try await dump([.put(.queue, key: "restore/s1", [1, 2])]) }
    }
}
