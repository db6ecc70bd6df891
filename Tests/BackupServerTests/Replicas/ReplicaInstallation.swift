import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Crypto
import Foundation

/// Agents with two jobs each: one that runs every minute, and first within a few seconds, and one that is run by hand.
struct ReplicaInstallation {
    struct Member {
        let agent: SteadyAgent
        let scheduled: JobRecord
        let manual: JobRecord
    }

    let members: [Member]

    init(_ count: Int, in replicas: ReplicaSet) async throws {
        let database = replicas.database
        guard let storage = try await database.defaultStorage() else { throw TestFailure("there is no store") }
        let now = Date()
        var random = SystemRandomNumberGenerator()
        var members: [Member] = []
        for number in 0..<count {
            let agent = AgentRecord(
                id: .init(at: now, using: &random), name: "agent-\(number)", maxParallelJobs: 2, createdAt: now)
            let key = "bkpy_\(agent.id)"
            try await database.addAgent(agent, keyHash: Array(SHA256.hash(data: Array(key.utf8))))
            let target = TargetRecord(
                id: .init(at: now, using: &random), agentID: agent.id, name: "shop", engine: .postgresql, host: "db",
                port: 5432, database: "shop", username: "owner", secretReference: "env:P", createdAt: now)
            try await database.addTarget(target)
            func job(_ name: String, _ cron: String, dueIn seconds: Double? = nil) -> JobRecord {
                JobRecord(
                    id: .init(at: now, using: &random), agentID: agent.id, targetID: target.id, storageID: storage.id,
                    name: name, cron: cron, nextDueAt: seconds.map { now.addingTimeInterval($0) }, compression: .none,
                    encryption: .none, retry: .init(maxAttempts: 3, backoffSeconds: [1]), validation: .stream,
                    createdAt: now)
            }
            let scheduled = job("scheduled", "* * * * *", dueIn: Double.random(in: 3...15))
            let manual = job("manual", "")
            try await database.addJob(scheduled)
            try await database.addJob(manual)
            members.append(
                Member(
                    agent: SteadyAgent(id: agent.id.string, key: key, ports: replicas.ports), scheduled: scheduled,
                    manual: manual))
        }
        self.members = members
    }
}
