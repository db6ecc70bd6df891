import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Synchronization

/// An embedded database with one agent, target, store and job, and a clock that the test sets.
final class LoopFixture: Sendable {
    let database: ControlDatabase
    let log = CapturedLog()
    private let folder: TemporaryFolder
    private let clock: Mutex<Date>

    var logger: Logger { Logger(label: "test") { [log] _ in log.handler } }
    var now: @Sendable () -> Date { { self.clock.withLock { $0 } } }

    init(at time: String) async throws {
        folder = try TemporaryFolder()
        database = try await ControlDatabase.open(Secret(folder("control.db")))
        guard let time = UTCTime(rfc3339: time) else { throw TestFailure("no time: \(time)") }
        clock = Mutex(time.date)
    }

    func set(_ time: String) { if let time = UTCTime(rfc3339: time) { clock.withLock { $0 = time.date } } }
    func pass(_ seconds: TimeInterval) { clock.withLock { $0 += seconds } }

    /// Planned as of now.
    func addJob(
        _ cron: String, retention: RetentionPolicy = RetentionPolicy(),
        place: StorageProfile.Place = .embedded(directory: "d"), sealedSecret: [UInt8]? = nil
    ) async throws -> JobRecord {
        let time = now()
        let agent = AgentRecord(id: .init("agent-1"), name: "web", createdAt: time)
        let target = TargetRecord(
            id: .init("target-1"), agentID: agent.id, name: "shop", engine: .postgresql, createdAt: time)
        let storage = StorageProfile(
            id: .init("store-1"), name: "store", place: place, sealedSecret: sealedSecret, isDefault: true,
            createdAt: time)
        var job = JobRecord(
            id: .init("job-1"), agentID: agent.id, targetID: target.id, storageID: storage.id, name: "nightly",
            cron: cron, retention: retention, createdAt: time)
        job.nextDueAt = try SchedulePlanner(job, window: nil).due(after: time)
        try await database.addAgent(agent, keyHash: [1])
        try await database.addTarget(target)
        try await database.addStorage(storage)
        try await database.addJob(job)
        return job
    }

    var runs: [RunRecord] {
        get async throws { try await database.runs(RunFilter(), PageRequest(limit: 100)).items.reversed() }
    }

    func addChannel() async throws {
        try await database.addChannel(
            ChannelRecord(id: .init("channel-1"), name: "ops", place: .slack, createdAt: now()))
    }
}

extension ControlDatabase {
    /// As the scheduler, the ends of runs, and time would have made them.
    func setTimes(of job: JobRecord) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE jobs SET next_due_at = ?, expected_by = ?, late_alerted_at = ? WHERE id = ?",
                [
                    SQLValue(job.nextDueAt), SQLValue(job.expectedBy), SQLValue(job.lateAlertedAt),
                    .text(job.id.string),
                ])
            try connection.wake("jobs")
        }
    }
}
