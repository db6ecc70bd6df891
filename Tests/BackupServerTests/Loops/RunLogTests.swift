import BackupControl
import BackupControlStore
import BackupCore
import BackupWire
import Foundation
import Testing

@testable import BackupServer

@Suite struct RunLogTests {
    private func event(_ text: String, of run: BackupID) -> LogEvent {
        var event = LogEvent()
        event.message = text
        event.fields = ["run_id": run.string]
        return event
    }

    @Test func linesThatComeLongAfterTheEndAreDroppedAndCounted() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        let database = fixture.database
        let run = RunRecord(
            id: try BackupID("20260301-110000-aaaaaa"), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: fixture.now(), compression: .zstd,
            engine: .postgresql, createdAt: fixture.now())
        try await database.addRun(run)
        let logs = RunLogs(
            stores: DispatchStores(agents: database, plans: database, runs: database, questions: database),
            logger: fixture.logger, now: fixture.now)
        func messages() async throws -> [String] {
            try await database.logs(of: run.id, PageRequest()).items.map(\.message)
        }
        fixture.pass(2 * RunLogs.grace)
        try await logs.took([event("while it lives", of: run.id)], from: job.agentID)
        _ = try await database.finish(run.id, agent: nil, .cancelled, at: fixture.now())
        fixture.pass(RunLogs.grace - 1)
        try await logs.took([event("late", of: run.id)], from: job.agentID)
        #expect(try await messages() == ["while it lives", "late"])
        #expect(!fixture.log.words.contains("are not kept"))

        fixture.pass(2)
        let tooLate = (0..<3).map { event("too late \($0)", of: run.id) }
        for _ in 0..<5 { try await logs.took(tooLate, from: job.agentID) }
        #expect(try await messages() == ["while it lives", "late"])
        let told = fixture.log.words.split(separator: "\n").filter { $0.contains("ended long ago") }
        #expect(told.count == 1 && told[0].contains("\"lines\": 3"), "\(told)")
        await database.close()
    }
}
