import BackupControl
import BackupControlStore
import BackupCore
import Foundation

/// Records of a small installation, and names that sort as they were made.
struct Sample {
    let start = Date(milliseconds: 1_780_000_000_000)
    private var random = SystemRandomNumberGenerator()

    mutating func id<Thing>(_ type: Thing.Type = Thing.self) -> Identifier<Thing> {
        Identifier(at: start, using: &random)
    }

    mutating func runID(at seconds: Double = 0) -> BackupID {
        BackupID(at: start.addingTimeInterval(seconds), using: &random)
    }

    mutating func agent(_ name: String, parallel: Int = 1) -> AgentRecord {
        AgentRecord(id: id(), name: name, maxParallelJobs: parallel, createdAt: start)
    }

    mutating func target(_ agent: AgentRecord, _ name: String = "shop") -> TargetRecord {
        TargetRecord(
            id: id(), agentID: agent.id, name: name, engine: .postgresql, host: "db", port: 5432, database: "shop",
            username: "owner", secretReference: "env:PASSWORD", createdAt: start)
    }

    mutating func storage(_ name: String = "embedded") -> StorageProfile {
        StorageProfile(id: id(), name: name, place: .embedded(directory: "store"), isDefault: true, createdAt: start)
    }

    mutating func job(
        _ target: TargetRecord, _ storage: StorageProfile, _ name: String = "nightly", dueAt: Date? = nil
    ) -> JobRecord {
        JobRecord(
            id: id(), agentID: target.agentID, targetID: target.id, storageID: storage.id, name: name,
            cron: "0 3 * * *",
            nextDueAt: dueAt, recipients: ["age1one", "age1two"], preHooks: ["sync\nnow"], createdAt: start)
    }

    mutating func run(_ job: JobRecord, at seconds: Double = 0) -> RunRecord {
        RunRecord(
            id: runID(at: seconds), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID,
            trigger: .manual, notBefore: start, compression: .zstd, engine: .postgresql, createdAt: start)
    }

    static let stored = RunRecord.Stored(
        sizeBytes: 1000, dumpSizeBytes: 5000, sha256: String(repeating: "ab", count: 32), duration: .milliseconds(1234),
        engineVersion: "PostgreSQL 16.2", validated: .full, manifest: "{}")
}

/// One agent with a target, a store and a job, all of them in a database.
struct Installation {
    var sample = Sample()
    let agent: AgentRecord
    let target: TargetRecord
    let storage: StorageProfile
    let job: JobRecord

    init(_ database: ControlDatabase, agent name: String = "web", parallel: Int = 1, dueAt: Date? = nil) async throws {
        agent = sample.agent(name, parallel: parallel)
        target = sample.target(agent)
        storage = sample.storage("store of \(name)")
        job = sample.job(target, storage, dueAt: dueAt)
        try await database.addAgent(agent, keyHash: Array(agent.id.string.utf8))
        try await database.addTarget(target)
        try await database.addStorage(storage)
        try await database.addJob(job)
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
