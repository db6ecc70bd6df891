import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// What the embedded database can do, in figures: `BACKUPY_MEASURE=1`, alone on a machine.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["BACKUPY_MEASURE"] != nil, "BACKUPY_MEASURE is not set"), .serialized)
struct StoreMeasurement {
    /// Runs that end, each durable when it is answered, for 64 callers at once.
    @Test func endsOfRunsASecond() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let time = all.sample.start
        var runs: [RunRecord] = []
        for number in 0..<10_000 {
            runs.append(all.sample.run(all.sample.job(all.target, all.storage, "job \(number)")))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for run in runs { group.addTask { try await database.addRun(run) } }
            try await group.waitForAll()
        }
        let begin = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for caller in 0..<64 {
                group.addTask { [runs] in
                    var latencies: [Duration] = []
                    for number in stride(from: caller, to: runs.count, by: 64) {
                        let began = ContinuousClock.now
                        let end = try await database.finish(
                            runs[number].id, agent: nil, .success(Sample.stored), at: time,
                            expectedBy: { job, _ in job.createdAt }
                        )
                        #expect(end?.isFirst == true)
                        latencies.append(.now - began)
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let rate = Double(runs.count) / ((.now - begin) / .seconds(1))
        print("ends of runs: \(Int(rate)) a second, \(Self.quantiles(latencies))")
        #expect(rate >= 500)
        await database.close()
    }

    /// The list over a million runs, by random filters, from the first page on.
    @Test func listOfAMillionRuns() async throws {
        let fixture = try await DatabaseFixture(.sqlite)
        let database = try await fixture.open()
        let many = ManyRuns(count: 1_000_000, agents: 1000)
        try await many.write(to: database)
        var random = SeededRandom(1)
        var latencies: [Duration] = []
        while latencies.count < 5000 {
            let filter = many.filter(using: &random)
            var cursor: String?
            for _ in 0..<4 {
                let began = ContinuousClock.now
                cursor = try await database.runs(filter, PageRequest(limit: 100, cursor: cursor)).nextCursor
                latencies.append(.now - began)
                if cursor == nil { break }
            }
        }
        print("list of \(many.count) runs: \(Self.quantiles(latencies))")
        #expect(latencies.sorted()[latencies.count * 99 / 100] < .milliseconds(50))
        await database.close()
    }

    private static func quantiles(_ latencies: [Duration]) -> String {
        let sorted = latencies.sorted()
        let at = { (share: Double) in
            let milliseconds = sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)] / .milliseconds(1)
            return String(format: "%.1f ms", milliseconds)
        }
        return "p50 \(at(0.5)), p99 \(at(0.99)), longest \(at(1))"
    }
}
