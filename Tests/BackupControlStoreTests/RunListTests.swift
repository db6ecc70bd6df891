import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// The list of runs over a long history: each combination of filters has its index, and the rows are the right ones.
@Suite struct RunListTests {
    @Test(arguments: DatabaseKind.allCases)
    func everyCombinationOfFiltersFindsItsIndex(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let many = ManyRuns(count: 50_000, agents: 50)
        try await many.write(to: database)
        for set in 0..<128 {
            var filter = RunFilter()
            if set & 1 != 0 { filter.agentID = many.agent(7) }
            if set & 2 != 0 { filter.targetID = many.target(7) }
            if set & 4 != 0 { filter.jobID = many.job(7) }
            if set & 8 != 0 { filter.status = .failed }
            if set & 16 != 0 { filter.from = many.time(10_000) }
            if set & 32 != 0 { filter.to = many.time(40_000) }
            let cursor = set & 64 != 0 ? PageCursor.after("20260601-000000-000000") : nil
            let query = try RunQuery(
                filter, PageRequest(limit: 50, cursor: cursor, isOldestFirst: set.isMultiple(of: 3)))
            let plan = try await database.sql.read { connection in
                let isPostgreSQL = connection.dialect.isPostgreSQL
                return try connection.rows(
                    (isPostgreSQL ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + query.sql, query.arguments
                ).map { try $0.text(isPostgreSQL ? "QUERY PLAN" : "detail") }.joined(separator: "\n")
            }
            #expect(
                plan.contains("INDEX") || plan.contains("Index Scan"), "\(query.sql): \(plan)")
            #expect(!plan.contains("TEMP B-TREE") && !plan.contains("Seq Scan"), "\(query.sql): \(plan)")
            // Where the planner sorts, there is little to sort: PostgreSQL does that for the few rows of a rare status.
            if kind == .sqlite, set & 4 != 0 {
                #expect(plan.contains(set & 8 != 0 ? "runs_by_job_status" : "runs_by_job"), "\(query.sql): \(plan)")
            } else if kind == .sqlite, set & 2 != 0 {
                #expect(
                    plan.contains(set & 8 != 0 ? "runs_by_target_status" : "runs_by_target"), "\(query.sql): \(plan)")
            } else if kind == .sqlite, set & 1 != 0 {
                #expect(plan.contains(set & 8 != 0 ? "runs_by_agent_status" : "runs_by_agent"), "\(query.sql): \(plan)")
            }
        }
        await database.close()
    }

    /// Compared with the same history, filtered here.
    @Test(arguments: DatabaseKind.allCases)
    func pagesOfAnyFilterAreWholeAndInOrder(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let many = ManyRuns(count: 4000, agents: 5)
        try await many.write(to: database)
        var random = SeededRandom(7)
        for round in 0..<40 {
            let isOldestFirst = round.isMultiple(of: 2)
            let filter = many.filter(using: &random)
            let expected = (0..<many.count).filter { number in
                (filter.agentID.map { $0 == many.agent(number) } ?? true)
                    && (filter.targetID.map { $0 == many.target(number) } ?? true)
                    && (filter.jobID.map { $0 == many.job(number) } ?? true)
                    && (filter.status.map { $0 == ManyRuns.status(number) } ?? true)
                    && (filter.from.map { many.time(number) >= $0 } ?? true)
                    && (filter.to.map { many.time(number) < $0 } ?? true)
            }
            var (slots, ids, cursor): ([Int64], [BackupID], String?) = ([], [], nil)
            repeat {
                let page = try await database.runs(
                    filter, PageRequest(limit: 100, cursor: cursor, isOldestFirst: isOldestFirst))
                slots += page.items.compactMap { $0.slotAt?.milliseconds }
                ids += page.items.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(slots.sorted() == expected.map { Int64($0) }, "\(filter)")
            #expect(ids == ids.sorted { isOldestFirst ? $0 < $1 : $0 > $1 })
        }
        await database.close()
    }

    /// The claim looks at the pending runs, and not at all agents or all runs.
    @Test func theClaimBeginsWithThePendingRuns() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        try await ManyRuns(count: 20_000, agents: 50).write(to: database)
        let plan = try await database.sql.read { connection in
            try connection.rows(
                "EXPLAIN QUERY PLAN \(RunRecord.waiting) LIMIT 32",
                [.integer(1), .text("one"), .integer(1), .integer(1), .integer(1)]
            ).map { try $0.text("detail") }.joined(separator: "\n")
        }
        #expect(!plan.contains("SCAN runs") && !plan.contains("SCAN agents"), "\(plan)")
        #expect(plan.contains("SEARCH pending USING INDEX"), "\(plan)")
        await database.close()
    }
}
