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
    /// Found in a container, and a target already, but without a job.
    let bare: TargetRecord

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
        bare = TargetRecord(
            id: Identifier(at: now, using: &random), agentID: agent.id, name: text("wiki"), engine: .mysql,
            username: text("wiki"), containerID: text("wiki-db-1"), createdAt: now)
        try await database.addTarget(bare)
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
        let found = [
            ("shop-db-1", text("postgresql")), ("wiki-db-1", "mysql"), ("cache-1", text("redis")),
        ].map { name, engine in
            var found = FoundContainer(id: text(name), name: text(name), engine: engine)
            found.image = text("postgres:17")
            found.networks = [text("shop_default")]
            found.ports = [.init(container: 5432, host: 0, protocol: text("tcp"))]
            return found
        }
        try await database.setDiscovered(agent.id, found)
        try await addRestores(to: database, now, text)
        try await addWatching(to: database, now, text)
        try await addAdministration(to: database, now, text)
    }

    /// One that goes on, and one that has failed.
    private func addRestores(to database: ControlDatabase, _ now: Date, _ text: (String) -> String) async throws {
        var random = SystemRandomNumberGenerator()
        for status in [RestoreRecord.Status.running, .failed] {
            var restore = RestoreRecord(
                id: BackupID(at: now, using: &random), runID: proven.id, agentID: agent.id,
                request: .init(targetID: target.id, database: text("shop_again")), createdAt: now)
            try await database.addRestore(restore, sealedSecret: nil)
            restore.step = text("restoring")
            restore.status = status
            if status == .failed {
                restore.failure = .init(code: text("driver.tool_failed"), message: text("it is not empty"))
                restore.targetState = text("partial")
                restore.finishedAt = now
            }
            _ = try await database.updateRestore(restore, at: now)
        }
    }

    private func addAdministration(to database: ControlDatabase, _ now: Date, _ text: (String) -> String) async throws {
        var random = SystemRandomNumberGenerator()
        try await database.addStorage(
            StorageProfile(
                id: Identifier(at: now, using: &random), name: text("Offsite"),
                place: .s3(
                    .init(
                        endpoint: text("s3.example.com"), bucket: text("backups"), prefix: text("all"),
                        accessKeyID: text("key"))), createdAt: now))
        let person = UserRecord(
            id: Identifier(at: now, using: &random), email: text("boris@example.com"), name: text("Boris"),
            role: .viewer,
            passwordHash: Secret("none"), createdAt: now)
        try await database.addUser(person)
        for user in try await database.users(PageRequest()).items {
            try await database.addToken(
                APITokenRecord(
                    id: Identifier(at: now, using: &random), userID: user.id, name: text("ci"), role: .viewer,
                    createdAt: now, expiresAt: nil), tokenHash: Array(user.id.string.utf8))
        }
        try await database.appendAudit(
            AuditEntry(
                id: Identifier(at: now, using: &random), at: now,
                actor: .init(kind: .user, id: person.id.string, name: text("boris@example.com")),
                address: text("192.0.2.7"), action: text("updateJob"), objectKind: text("job"), objectID: text("j1"),
                details: text("name")))
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
        let mail = ChannelRecord.Email(
            host: text("mail.example.com"), port: 25, security: .tls, username: text("ops"),
            from: text("a@example.com"), to: [text("ops@example.com")])
        let places: [ChannelRecord.Place] = [
            .telegram(chat: text("-100")), .email(mail), .webhook(url: text("https://hooks.example.com/")), .slack,
        ]
        for place in places {
            try await database.addChannel(
                ChannelRecord(
                    id: Identifier(at: now, using: &random), name: text(place.kind), place: place, createdAt: now,
                    lastError: text("550 no such chat")))
        }
        for (number, updates) in [[], [IncidentRecord.Update(at: now, status: .identified, text: text("A queue."))]]
            .enumerated()
        {
            try await database.addIncident(
                IncidentRecord(
                    id: Identifier(at: now, using: &random), title: text("Mail is slow"), body: text("We look at it."),
                    status: number == 0 ? .investigating : .identified, updates: updates, startedAt: now))
        }
        try await database.setStatusPage(
            StatusPage(
                isEnabled: true, slug: "example", title: text("Example status"), checks: [check.id],
                targets: [target.id]))
    }
}
