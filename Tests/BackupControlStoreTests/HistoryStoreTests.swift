import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// What is taken away when it is old, and what never is, on both databases.
@Suite struct HistoryStoreTests {
    private let start = Sample().start
    private func day(_ number: Double) -> Date { start.addingTimeInterval(number * 86_400) }

    /// A run that was made on the first day, as the database has it later.
    private struct Old {
        let name: String
        let values: String
        let isKept: Bool
    }

    private func history() -> [Old] {
        let (early, late) = (day(1).milliseconds, day(20).milliseconds)
        func old(_ name: String, _ status: String, _ more: String, at time: Int64, isKept: Bool = false) -> Old {
            Old(name: name, values: "status = '\(status)', finished_at = \(time), \(more)", isKept: isKept)
        }
        let (key, none) = ("object_key = 'web/shop/x'", "object_key = ''")
        let gone = "deleted_at = \(early), purged_at = \(early)"
        return [
            old("never sent", "failed", none, at: early),
            old("lost, and cleared", "lost", "\(key), purged_at = \(early)", at: early),
            old("cancelled", "cancelled", "\(key), purged_at = \(early)", at: early),
            old("a backup that is gone", "success", "\(key), \(gone)", at: early),
            old("a backup", "success", key, at: early, isKept: true),
            old("a marked one", "success", "\(key), delete_marked_at = \(early)", at: early, isKept: true),
            old("with bytes left", "success", "\(key), deleted_at = \(early)", at: early, isKept: true),
            old(
                "gone since then", "success", "\(key), deleted_at = \(late), purged_at = \(late)", at: early,
                isKept: true),
            old("failed, with an object", "failed", key, at: early, isKept: true),
            old("ended since then", "failed", none, at: late, isKept: true),
            Old(name: "live", values: "status = 'running', \(key)", isKept: true),
        ]
    }

    @Test(arguments: DatabaseKind.allCases)
    func runsGoWithTheirLogsAndNeverBeforeTheirObjects(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var runs: [(run: BackupID, old: Old)] = []
        let line = RunLogLine(at: start, level: "info", message: "x", fields: [:])
        for old in history() {
            let job = all.sample.job(all.target, all.storage, old.name)
            let run = all.sample.run(job)
            try await database.addRun(run)
            try await database.appendLogs([line], to: run.id)
            try fixture.sql("UPDATE runs SET \(old.values) WHERE id = '\(run.id)'")
            runs.append((run.id, old))
        }
        try await database.pruneRuns(before: day(1))
        #expect(try fixture.sql("SELECT count(*) FROM runs") == "\(runs.count)", "none is old enough")
        try await database.pruneRuns(before: day(10))
        for (run, old) in runs {
            #expect((try await database.run(run) != nil) == old.isKept, "\(old.name)")
            #expect(try await database.logs(of: run, PageRequest()).items.isEmpty == !old.isKept, "\(old.name)")
        }
        await database.close()
    }

    /// More than one piece has, and by the index: a long history of backups that are kept is not looked at.
    @Test(arguments: DatabaseKind.allCases)
    func manyRunsGoInPieces(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        try await ManyRuns(count: 20_000, agents: 50).write(to: database)
        try fixture.sql("UPDATE runs SET object_key = 'x', finished_at = 1 WHERE slot_at >= 1300")
        try fixture.sql("UPDATE runs SET finished_at = 1, status = 'failed' WHERE slot_at < 1300")
        try fixture.sql("ANALYZE")
        let plan = try await database.sql.read { connection in
            let isPostgreSQL = connection.dialect.isPostgreSQL
            return try connection.rows(
                (isPostgreSQL ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + RunRecord.over + " LIMIT 500", [.integer(5)]
            ).map { try $0.text(isPostgreSQL ? "QUERY PLAN" : "detail") }.joined(separator: "\n")
        }
        #expect(plan.contains("runs_over") && !plan.contains("TEMP B-TREE") && !plan.contains("Seq Scan"), "\(plan)")
        try await database.pruneRuns(before: start)
        #expect(try fixture.sql("SELECT count(*) FROM runs") == "18700")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func restoresAndTheAuditLogGoWithTime(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        var restores: [BackupID] = []
        for number in 0..<3 {
            let restore = RestoreRecord(
                id: all.sample.runID(at: Double(number)), runID: run.id, agentID: all.agent.id,
                request: .init(targetID: all.target.id), createdAt: start)
            try await database.addRestore(restore, sealedSecret: nil)
            restores.append(restore.id)
        }
        let times = [day(1), day(20)].map(\.milliseconds)
        for (id, time) in zip(restores, times) {
            try fixture.sql("UPDATE restores SET status = 'success', finished_at = \(time) WHERE id = '\(id)'")
        }
        try await database.pruneRestores(before: day(10))
        #expect(try await database.restores(PageRequest()).items.map(\.id) == [restores[2], restores[1]])

        var random = SystemRandomNumberGenerator()
        for number in 0..<1203 {
            let time = number < 1200 ? day(Double(number) / 1200) : day(20)
            try await database.appendAudit(
                AuditEntry(
                    id: .init(at: time, using: &random), at: time, actor: .init(kind: .user, id: "u", name: "N"),
                    address: "", action: "a", objectKind: "job", objectID: "\(number)", details: "{}"))
        }
        try await database.pruneAudit(before: day(10))
        let left = try await database.audit(AuditFilter(), PageRequest()).items.map(\.objectID)
        #expect(left.sorted() == ["1200", "1201", "1202"])
        await database.close()
    }
}
