import BackupControl
import BackupControlStore
import BackupCore
import Foundation
import Testing

@testable import BackupServer

@Suite struct HistoryTests {
    /// As docs/operate/server.md says.
    @Test func whatIsKeptForATimeGoesThen() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        let database = fixture.database
        let history = History(database: database, now: fixture.now)
        let run = RunRecord(
            id: try BackupID("20260301-120000-aaaaaa"), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: fixture.now(), compression: .zstd,
            engine: .postgresql, createdAt: fixture.now())
        try await database.addRun(run)
        try await database.appendLogs(
            [RunLogLine(at: fixture.now(), level: "info", message: "x", fields: [:])], to: run.id)
        _ = try await database.finish(run.id, agent: nil, .cancelled, at: fixture.now())
        var random = SystemRandomNumberGenerator()
        try await database.appendAudit(
            AuditEntry(
                id: .init(at: fixture.now(), using: &random), at: fixture.now(),
                actor: .init(kind: .system, id: "", name: ""), address: "", action: "a", objectKind: "job",
                objectID: job.id.string, details: "{}"))
        func left() async throws -> [Bool] {
            [
                try await !database.logs(of: run.id, PageRequest()).items.isEmpty,
                try await database.run(run.id) != nil,
                try await !database.audit(AuditFilter(), PageRequest()).items.isEmpty,
            ]
        }
        var day = 0.0
        for (next, expected) in [
            (89.0, [true, true, true]), (92, [false, true, true]), (399, [false, true, true]),
            (401, [false, false, true]), (799, [false, false, true]), (801, [false, false, false]),
        ] {
            fixture.pass((next - day) * 86_400)
            day = next
            _ = try await history.pass()
            #expect(try await left() == expected, "day \(day)")
        }
        await database.close()
    }
}
