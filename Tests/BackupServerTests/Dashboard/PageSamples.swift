import BackupControl
import BackupControlStore
import BackupCore
import Foundation

/// A small installation with something on every page. Each text that somebody could choose goes through `text`.
struct PageSamples {
    let agent: AgentRecord
    let target: TargetRecord
    let job: JobRecord
    let proven: RunRecord
    let failed: RunRecord
    let live: RunRecord

    /// Every page of the installation.
    var paths: [String] {
        [
            "/", "/agents", "/agents/\(agent.id)", "/discovered", "/jobs", "/jobs/\(job.id)", "/runs",
            "/runs/\(proven.id)", "/runs/\(failed.id)", "/runs/\(live.id)", "/restores", "/health", "/storage",
            "/notifications", "/status-page", "/settings",
        ]
    }

    init(_ database: ControlDatabase, text: (String) -> String = { $0 }) async throws {
        var random = SystemRandomNumberGenerator()
        let now = Date()
        agent = AgentRecord(id: Identifier(at: now, using: &random), name: text("web-1"), createdAt: now)
        try await database.addAgent(agent, keyHash: Array(agent.id.string.utf8))
        // A second one: whoever has one is led through the first steps.
        let second = AgentRecord(id: Identifier(at: now, using: &random), name: text("db-2"), createdAt: now)
        try await database.addAgent(second, keyHash: Array(second.id.string.utf8))
        var registration = AgentRecord.Registration()
        registration.version = text("1.0.0")
        registration.hostname = text("web-1.example.net")
        registration.os = text("linux")
        registration.dockerVersion = text("27.3")
        _ = try await database.beginSession(agent.id, replica: "r", registration: registration, at: now)
        target = TargetRecord(
            id: Identifier(at: now, using: &random), agentID: agent.id, name: text("shop"), engine: .postgresql,
            host: text("db"), port: 5432, database: text("shop"), createdAt: now)
        try await database.addTarget(target)
        let storage = try await database.storages(PageRequest()).items[0]
        job = JobRecord(
            id: Identifier(at: now, using: &random), agentID: agent.id, targetID: target.id, storageID: storage.id,
            name: text("nightly"), cron: "0 3 * * *", nextDueAt: now.addingTimeInterval(3600),
            expectedBy: now.addingTimeInterval(7200), createdAt: now)
        try await database.addJob(job)
        proven = Self.run(of: job, 3)
        failed = Self.run(of: job, 2)
        live = Self.run(of: job, 0.01)
        try await database.addRun(proven)
        let stored = RunRecord.Stored(
            sizeBytes: 1_234_567, dumpSizeBytes: 5_000_000, sha256: String(repeating: "ab", count: 32),
            duration: .seconds(42), engineVersion: text("16.2"), validated: .full, manifest: "{}")
        _ = try await database.finish(proven.id, agent: nil, .success(stored), at: now.addingTimeInterval(-10_000))
        try await database.addRun(failed)
        let failure = RunRecord.Failure(code: text("driver.tool_failed"), message: text("no access"), hint: text("ask"))
        _ = try await database.finish(failed.id, agent: nil, .failed(failure), at: now.addingTimeInterval(-7000))
        try await database.appendLogs(
            [RunLogLine(at: now, level: text("error"), message: text("pg_dump said no"), fields: [:])], to: failed.id)
        try await database.addRun(live)
        let container = text("shop-db-1")
        var found = FoundContainer(id: container, name: container, engine: "postgresql")
        found.image = text("postgres:17")
        found.networks = [text("shop_default")]
        found.ports = [.init(container: 5432, host: 0, protocol: "tcp")]
        try await database.setDiscovered(agent.id, [found])
        let restore = RestoreRecord(
            id: BackupID(at: now, using: &random), runID: proven.id, agentID: agent.id,
            request: .init(targetID: target.id, database: text("shop_again")), createdAt: now)
        try await database.addRestore(restore, sealedSecret: nil)
        try await addWatching(to: database, now, text)
    }

    private static func run(of job: JobRecord, _ hours: Double) -> RunRecord {
        var random = SystemRandomNumberGenerator()
        let at = Date().addingTimeInterval(-hours * 3600)
        return RunRecord(
            id: BackupID(at: at, using: &random), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: at, compression: .zstd, engine: .postgresql,
            createdAt: at)
    }

    private func addWatching(to database: ControlDatabase, _ now: Date, _ text: (String) -> String) async throws {
        var random = SystemRandomNumberGenerator()
        let check = HealthCheckRecord(
            id: Identifier(at: now, using: &random), agentID: agent.id, name: text("Shop"), kind: .https,
            target: "https://shop.example.com/" + text("path"), isPublic: true, createdAt: now)
        try await database.addHealthCheck(check)
        try await database.addChannel(
            ChannelRecord(
                id: Identifier(at: now, using: &random), name: text("On call"), place: .telegram(chat: text("-100")),
                createdAt: now, lastError: text("550 no such chat")))
        try await database.addIncident(
            IncidentRecord(
                id: Identifier(at: now, using: &random), title: text("Mail is slow"), body: text("We look at it."),
                startedAt: now))
        try await database.setStatusPage(
            StatusPage(
                isEnabled: true, slug: "example", title: text("Example status"), checks: [check.id],
                targets: [target.id]))
    }
}
