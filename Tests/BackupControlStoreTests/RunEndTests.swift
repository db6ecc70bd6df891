import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// The end of a run is one write: its state, its event, and when the next one is expected.
@Suite struct RunEndTests {
    private let start = Sample().start

    @Test(arguments: DatabaseKind.allCases)
    func theFirstSuccessSaysWhenTheNextIsExpected(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var job = all.job
        (job.expectedBy, job.lateAlertedAt) = (start, start)
        try await database.setTimes(of: job)
        let next = start.addingTimeInterval(86400)
        func end(_ ending: RunEnding, twice: Bool = false) async throws -> JobRecord? {
            let run = all.sample.run(all.job)
            try await database.addRun(run)
            for _ in 0..<(twice ? 2 : 1) {
                _ = try await database.finish(
                    run.id, agent: nil, ending, at: start,
                    expectedBy: { job, _ in job.expectedBy.map { $0.addingTimeInterval(86400) } })
            }
            return try await database.job(all.job.id)
        }
        var now = try await end(.failed(.init(code: "a.b", message: "no")))
        #expect(now?.expectedBy == start && now?.lateAlertedAt == start, "a failure is no proof")
        now = try await end(.success(Sample.stored), twice: true)
        #expect(now?.expectedBy == next && now?.lateAlertedAt == nil)
        await database.close()
    }

    /// Connections break at any moment; what was answered is there, and nothing is half done.
    @Test func endsOverConnectionsThatBreakAreEachWholeAndToldOnce() async throws {
        let fixture = try await DatabaseFixture(.postgresql)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var runs: [RunRecord] = []
        for number in 0..<150 {
            let job = all.sample.job(all.target, all.storage, "job \(number)")
            try await database.addJob(job)
            runs.append(all.sample.run(job))
            try await database.addRun(runs[number])
        }
        let time = start
        try await withThrowingTaskGroup(of: Void.self) { group in
            for run in runs {
                group.addTask {
                    // What can't be known, or lasts too long, is asked again: as agents report until they hear.
                    try await eventually("\(run.id) has ended") {
                        do {
                            return try await database.finish(run.id, agent: nil, .success(Sample.stored), at: time)
                                != nil
                        } catch let error as ControlStoreError where error.recovery == .retry {
                            return false
                        }
                    }
                }
            }
            group.addTask { for _ in 0..<8 { try fixture.cutConnections() } }
            try await group.waitForAll()
        }
        #expect(try fixture.sql("SELECT count(*) FROM runs WHERE status = 'success' AND size_bytes = 1000") == "150")
        let events = try await database.events(after: 0, limit: 1000)
        #expect(events.map(\.number) == Array(1...150))
        #expect(Set(events.map(\.event.data)).count == 150, "each is told once")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func eventsHaveNoGapsAndOnlyTheNewestAreKept(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let time = start
        #expect(try await database.lastEventNumber() == 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let event = NewEvent(topic: "jobs", name: "job.started", data: "\(number)")
                    if number.isMultiple(of: 4) {
                        await #expect(throws: TestFailure.self) {
                            try await database.sql.write { connection in
                                try connection.append(event, at: time)
                                throw TestFailure("no")
                            }
                        }
                    } else {
                        try await database.appendEvent(event, at: time)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.events(after: 0, limit: 1000).map(\.number) == Array(1...75))
        #expect(try await database.events(after: 70, limit: 2).map(\.number) == [71, 72])
        try await database.pruneEvents(keeping: 10)
        #expect(try await database.events(after: 0, limit: 1000).map(\.number) == Array(66...75))
        #expect(try await database.lastEventNumber() == 75)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func logsThatComeAtOnceAreAllThereAndWithoutEndAreCut(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        let line = RunLogLine(at: start, level: "info", message: "x", fields: [:])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await database.appendLogs([line, line, line], to: run.id) } }
            try await group.waitForAll()
        }
        #expect(try fixture.sql("SELECT count(*) || ' ' || max(number) FROM run_logs") == "60 60")
        try await database.appendLogs(Array(repeating: line, count: RunLogLine.most), to: run.id)
        try await database.appendLogs([line], to: run.id)
        #expect(try fixture.sql("SELECT count(*) FROM run_logs") == "\(RunLogLine.most + 1)")
        #expect(try fixture.sql("SELECT message FROM run_logs ORDER BY number DESC LIMIT 1").contains("not kept"))
        await database.close()
    }

    /// Few lines can be as much as many. What fits behind one that did not is not kept either: a log has no holes.
    @Test(arguments: DatabaseKind.allCases)
    func logsAreBoundedByTheirBytes(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        let long = RunLogLine(
            at: start, level: "info", message: String(repeating: "ä", count: 100_000),
            fields: ["tail": String(repeating: "x", count: 100_000)])
        let short = RunLogLine(at: start, level: "info", message: "x", fields: [:])
        for _ in 0..<20 { try await database.appendLogs([long, long], to: run.id) }
        try await database.appendLogs([short], to: run.id)
        #expect(try fixture.sql("SELECT count(*) FROM run_logs") == "14")
        #expect(try fixture.sql("SELECT message FROM run_logs ORDER BY number DESC LIMIT 1").contains("not kept"))
        let kept = try #require(Int(try fixture.sql("SELECT max(total_bytes) FROM run_logs WHERE number = 13")))
        #expect(kept == 13 * 300_015 && kept <= RunLogLine.mostBytes)

        let second = all.sample.run(all.sample.job(all.target, all.storage, "another"))
        try await database.addRun(second)
        try await database.appendLogs([short], to: second.id)
        #expect(try await database.logs(of: second.id, PageRequest()).items == [short], "each run has its own room")
        await database.close()
    }
}
