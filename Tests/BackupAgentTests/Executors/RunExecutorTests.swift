@testable import BackupAgent
import BackupCore
import BackupTestSupport
import BackupWire
import Testing

/// Runs while the disk of the agent's state is full.
@Suite struct RunExecutorTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func run(_ id: String) -> RunBackup {
        var run = RunBackup()
        (run.runID, run.jobID, run.isManual) = (id, "nobody's", true)
        return run
    }

    @Test func aCancellationDoesNotWaitForTheDiskAndIsNotLost() async throws {
        let journal = FaultyJournal()
        let executor = RunExecutor(
            surroundings: try .test(folder), journal: journal, pause: .milliseconds(10))
        #expect(try await executor.accept(run("a")) == nil)
        await journal.setFull(true)
        try await TimeLimit.run(.seconds(5)) { await executor.cancel(runID: "a", reason: "enough") }
        #expect(await journal.failures == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await executor.run {} }
            try await eventually("it is written again") { await journal.failures > 2 }
            await journal.setFull(false)
            try await eventually("it has ended") { await !journal.ends.isEmpty }
            await executor.stop(within: .zero)
            try await group.waitForAll()
        }
        let ends = await journal.ends
        guard ends.count == 1, case .jobUpdate(let update) = ends[0] else { throw TestFailure("\(ends)") }
        #expect(update.status == .cancelled)
    }

    @Test func aFullDiskDoesNotKeepTheAgentFromStopping() async throws {
        let journal = FaultyJournal()
        let executor = RunExecutor(
            surroundings: try .test(folder), journal: journal, pause: .milliseconds(10))
        #expect(try await executor.accept(run("a")) == nil)
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
        #expect(await journal.ends.isEmpty, "the next start finds it as it was")
    }

    @Test func aRunThatCannotForgetAnOlderOneEndsOnce() async throws {
        let journal = FaultyJournal(ended: (0..<RunBook.remembered).map { "old-\($0)" })
        let executor = RunExecutor(
            surroundings: try .test(folder), journal: FullWhenForgetting(journal: journal), pause: .milliseconds(10))
        try await executor.resume()
        #expect(try await executor.accept(run("a")) == nil)
        await executor.cancel(runID: "a", reason: "")
        #expect(await journal.ends.count == 1)
        #expect(await executor.queueDepth == 0)
    }

    private struct FullWhenForgetting: RunJournal {
        let journal: FaultyJournal
        func runs() async throws -> (open: [RunRecord], ended: [String]) { await journal.runs() }
        func save(_ record: RunRecord) async throws { try await journal.save(record) }
        func end(_ record: RunRecord, with messages: [AgentMessage]) async throws {
            try await journal.end(record, with: messages)
        }
        func forget(_ runIDs: [String]) async throws {
            if !runIDs.isEmpty { throw TestFailure("the disk is full") }
        }
    }

    /// The first address is that of an allowed host; the next ones come while the backup is on its way.
    @Test func addressesThatComeLaterAreHeldAgainstThePolicyToo() async throws {
        var policy = HostPolicy()
        policy.destinations = AllowDeny(allow: [Glob("good.example.com")])
        let link = FakeLink { _ in
            .partURLs(
                PartURLs(
                    runID: "a",
                    parts: [PartURL(number: 2, url: Secret("https://evil.example.com/x"), expiresAtMilliseconds: 0)]))
        }
        let broker = LinkUploadBroker(run: run("a"), link: link, policy: policy) {}
        await #expect(throws: AgentError.deniedByPolicy("an upload to evil.example.com", rule: "destinations")) {
            try await broker.partURLs(first: 2, count: 1)
        }
    }
}
