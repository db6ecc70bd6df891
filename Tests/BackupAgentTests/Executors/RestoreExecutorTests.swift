@testable import BackupAgent
import BackupCore
import BackupState
import BackupTestSupport
import BackupWire
import Synchronization
import Testing

/// Restores that take long, that are cancelled, and that come twice.
@Suite struct RestoreExecutorTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// One without a target, which fails at once.
    private func restore(_ id: String) -> RunRestore {
        var restore = RunRestore()
        restore.restoreID = id
        return restore
    }

    private func executor(_ journal: any RestoreJournal) throws -> RestoreExecutor {
        RestoreExecutor(surroundings: try .test(folder), journal: journal, pause: .milliseconds(10))
    }

    /// Else a health check would have the agent restarted in the middle of it.
    @Test func theLoopIsAliveWhileARestoreGoesOn() async throws {
        let journal = FaultyJournal()
        let executor = try executor(journal)
        #expect(try await executor.accept(restore("s1")) == nil)
        await journal.setHeld(true)
        let beats = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await executor.run(every: .milliseconds(10)) { beats.add() } }
            try await eventually("the loop beats") { beats.count > 20 }
            #expect(await journal.ends.isEmpty)
            await journal.setHeld(false)
            try await eventually("it has ended") { await journal.ends.count == 1 }
            await executor.stop(within: .zero)
            try await group.waitForAll()
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    @Test func aCancellationDoesNotWaitForTheDiskAndIsNotLost() async throws {
        let journal = FaultyJournal()
        let executor = try executor(journal)
        #expect(try await executor.accept(restore("s1")) == nil)
        await journal.setFull(true)
        try await TimeLimit.run(.seconds(5)) { await executor.cancel(restoreID: "s1", reason: "enough") }
        await journal.setFull(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await executor.run {} }
            try await eventually("it has ended") { await !journal.ends.isEmpty }
            await executor.stop(within: .zero)
            try await group.waitForAll()
        }
        let ends = await journal.ends
        guard ends.count == 1, case .restoreUpdate(let update) = ends[0] else { throw TestFailure("\(ends)") }
        #expect(update.status == .cancelled && update.targetState == "unchanged")
    }

    @Test func aFullDiskDoesNotKeepTheAgentFromStopping() async throws {
        let journal = FaultyJournal()
        let executor = try executor(journal)
        #expect(try await executor.accept(restore("s1")) == nil)
        await journal.setFull(true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await executor.run {} }
            try await eventually("its end can't be written") { await journal.failures > 5 }
            try await TimeLimit.run(.seconds(20)) {
                await executor.stop(within: .milliseconds(1))
                await executor.waitUntilIdle()
            }
            try await group.waitForAll()
        }
        #expect(await journal.ends.isEmpty)
    }

    /// The control plane may ask again before it has heard of the end.
    @Test func aRestoreThatHasEndedIsNotMadeAgainAfterARestart() async throws {
        let key = Secret("bkpy_test_" + String(repeating: "A", count: 32))
        for _ in 0..<2 {
            let state = try await StateStore.open(directory: folder("state"), key: key)
            let executor = try executor(StateJournal(state: state))
            try await executor.resume()
            #expect(try await executor.accept(restore("s1")) == nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await executor.run {} }
                try await eventually("it has ended") { try await state.size(.outbox).entries >= 1 }
                await executor.stop(within: .seconds(5))
                try await group.waitForAll()
            }
            #expect(try await state.size(.outbox).entries == 1)
            await state.close()
        }
    }

    @Test func thoseThatEndedLongAgoAreForgotten() async throws {
        let journal = FaultyJournal()
        let executor = try executor(journal)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await executor.run {} }
            for number in 0...RestoreExecutor.remembered {
                #expect(try await executor.accept(restore("s\(number)")) == nil)
                try await eventually("it has ended") { await journal.ends.count == number + 1 }
            }
            await executor.stop(within: .seconds(5))
            try await group.waitForAll()
        }
        #expect(await journal.forgotten == ["s0"])
        #expect(await journal.restores().count == RestoreExecutor.remembered)
    }
}
