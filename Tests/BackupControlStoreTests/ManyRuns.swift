import BackupControl
import BackupControlStore
import BackupCore
import Foundation

/// A history of as many runs as a large installation has after years, written straight into the table.
struct ManyRuns {
    static let start = Date(milliseconds: 1_780_000_000_000)
    let count: Int
    let agents: Int
    /// Of each agent.
    let targets = 4

    /// One run in 50 has failed, one in 200 was cancelled, and one in 10,000 is lost.
    static func status(_ number: Int) -> RunRecord.Status {
        if number.isMultiple(of: 10_000) { return .lost }
        if number.isMultiple(of: 200) { return .cancelled }
        return number.isMultiple(of: 50) ? .failed : .success
    }

    func agent(_ number: Int) -> AgentRecord.ID { .init("agent\(number % agents)") }
    func target(_ number: Int) -> TargetRecord.ID { .init("target\(number % agents)-\(number / agents % targets)") }
    func job(_ number: Int) -> JobRecord.ID { .init("job\(number % agents)-\(number / agents % targets)") }
    /// Four a second.
    func time(_ number: Int) -> Date { Self.start.addingTimeInterval(Double(number / 4)) }

    func write(to database: ControlDatabase) async throws {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<count).map { BackupID(at: time($0), using: &random).string }
        for first in stride(from: 0, to: count, by: 10_000) {
            try await database.sql.write { connection in
                for number in stride(from: first, to: min(first + 10_000, count), by: 100) {
                    try insert(ids, number..<min(number + 100, count), connection)
                }
            }
        }
        try await database.sql.write { connection in
            try connection.script(connection.dialect.isPostgreSQL ? "ANALYZE runs" : "PRAGMA optimize")
        }
    }

    private func insert(_ ids: [String], _ numbers: Range<Int>, _ connection: any SQLConnection) throws {
        let row = "(?, ?, ?, ?, 'store', ?, 'schedule', ?, 0, 'zstd', 'postgresql', 0)"
        try connection.run(
            """
            INSERT INTO runs (id, job_id, agent_id, target_id, storage_id, status, trigger_kind, slot_at, not_before,
                compression, engine, created_at) VALUES \(numbers.map { _ in row }.joined(separator: ","))
            """,
            numbers.flatMap { number -> [SQLValue] in
                [
                    .text(ids[number]), .text(job(number).string), .text(agent(number).string),
                    .text(target(number).string), .text(Self.status(number).rawValue), SQLValue(number),
                ]
            })
    }

    /// Any of the filters that the API knows, and a page somewhere.
    func filter(using random: inout some RandomNumberGenerator) -> RunFilter {
        let number = Int.random(in: 0..<count, using: &random)
        var filter = RunFilter()
        if Bool.random(using: &random) { filter.agentID = agent(number) }
        if Bool.random(using: &random) { filter.targetID = target(number) }
        if Int.random(in: 0..<4, using: &random) == 0 { filter.jobID = job(number) }
        if Bool.random(using: &random) { filter.status = RunRecord.Status.allCases.randomElement(using: &random) }
        if Bool.random(using: &random) { filter.from = time(number) }
        if Bool.random(using: &random) { filter.to = time(Int.random(in: number..<count, using: &random)) }
        return filter
    }
}
