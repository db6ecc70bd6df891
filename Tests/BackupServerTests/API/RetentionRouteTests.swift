import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// Retention as people see it, and what they ask of it.
@Suite struct RetentionRouteTests {
    struct Protected {
        let server: TestServer
        let owner: String
        let target: String
        let job: String
        /// Oldest first, one a day.
        let runs: [BackupID]
    }

    /// Backups of the last days, with their bytes and manifests in the built-in store.
    static func protected(backups count: Int, last: Int) async throws -> Protected {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        let target = try await server.send(
            "POST", "/v1/agents/\(agent.id)/targets", #"{"name":"shop","engine":"redis","host":"db"}"#, token: owner
        ).document(TargetDocument.self)
        let new = """
            {"target_id":"\(target.id)","name":"nightly",
            "retention":{"days":0,"last":\(last),"hourly":0,"daily":0,"weekly":0,"monthly":0,"yearly":0}}
            """
        let job = try await server.send("POST", "/v1/agents/\(agent.id)/jobs", new, token: owner)
            .document(JobDocument.self)
        let database = server.server.database
        let objects = server.server.settings.dataDirectory + "/store/objects/web/shop"
        try FileManager.default.createDirectory(atPath: objects, withIntermediateDirectories: true)
        var runs: [BackupID] = []
        for number in 0..<count {
            var random = SystemRandomNumberGenerator()
            let time = Date().addingTimeInterval(Double(number - count) * 86_400)
            let run = RunRecord(
                id: BackupID(at: time, using: &random), jobID: .init(job.id), agentID: .init(agent.id),
                targetID: .init(target.id), storageID: .init(job.storageID), trigger: .manual, notBefore: time,
                compression: .zstd, engine: .redis, createdAt: time)
            try await database.addRun(run)
            try await database.sql.write { connection in
                _ = try connection.run(
                    "UPDATE runs SET object_key = ? WHERE id = ?",
                    [.text("web/shop/\(run.id).rdb.zst"), .text(run.id.string)])
            }
            _ = try await database.finish(
                run.id, agent: nil,
                .success(.init(sizeBytes: 1, sha256: "", duration: .seconds(1), validated: .full)), at: time)
            for name in ["\(run.id).rdb.zst", "\(run.id).manifest.json"] {
                try "x".write(toFile: "\(objects)/\(name)", atomically: true, encoding: .utf8)
            }
            runs.append(run.id)
        }
        return Protected(server: server, owner: owner, target: target.id, job: job.id, runs: runs)
    }

    static func files(_ all: Protected) throws -> Set<String> {
        Set(
            try FileManager.default.contentsOfDirectory(
                atPath: all.server.server.settings.dataDirectory + "/store/objects/web/shop"))
    }

    @Test func thePreviewSaysWhatGoesAndWhyAndWhetherItIsHeld() async throws {
        let all = try await Self.protected(backups: 10, last: 3)
        let path = "/v1/targets/\(all.target)"
        func preview() async throws -> RetentionPreviewDocument {
            try await all.server.send("GET", path + "/retention-preview", token: all.owner)
                .document(RetentionPreviewDocument.self)
        }
        let before = try await preview()
        #expect(before.isHeld && before.approvedUntil == nil && before.keepCount == 3 && before.removeCount == 7)
        #expect(before.keep.map(\.runID) == all.runs.suffix(3).reversed().map(\.string))
        #expect(before.keep.first?.reasons == ["newest", "last"])
        #expect(before.remove.allSatisfy { $0.why.contains("3 last") })
        let approved = try await all.server.send("POST", path + "/retention-approval", token: all.owner)
        #expect(approved.status == 200, "\(approved.body)")
        #expect(try approved.document(RetentionApprovalDocument.self).approvedUntil > Date())
        try await eventually("the loop marks what was approved") {
            try await preview().remove.allSatisfy { $0.markedAt != nil && $0.goesAt ?? .distantPast > Date() }
        }
        let after = try await preview()
        #expect(!after.isHeld && after.approvedUntil != nil)
        let again = try await all.server.send("POST", path + "/retention-approval", token: all.owner)
        #expect(again.status == 412 && again.error?.code == .preconditionFailed, "nothing is held any more")
        // What a policy has marked comes back when the policy changes, not one by one.
        let keep = try await all.server.send("POST", "/v1/runs/\(all.runs[0])/keep", token: all.owner)
        #expect(keep.status == 412, "\(keep.body)")
        #expect(
            try await all.server.send("GET", "/v1/targets/nothing/retention-preview", token: all.owner).status == 404)
    }

    @Test func whatSomebodyDeletesIsRemovedADayLaterAndTheNewestNever() async throws {
        let all = try await Self.protected(backups: 3, last: 0)
        let server = all.server
        func run(_ id: BackupID) async throws -> RunDocument {
            try await server.send("GET", "/v1/runs/\(id)", token: all.owner).document(RunDocument.self)
        }
        let newest = try await server.send("DELETE", "/v1/runs/\(all.runs[2])", token: all.owner)
        #expect(newest.status == 412 && newest.error?.message.contains("newest proven") == true, "\(newest.body)")
        for id in all.runs.prefix(2) {
            let reply = try await server.send("DELETE", "/v1/runs/\(id)", token: all.owner)
            #expect(reply.status == 202, "\(reply.body)")
            #expect(try reply.document(RunDocument.self).deleteMarkedAt != nil)
        }
        let kept = try await server.send("POST", "/v1/runs/\(all.runs[1])/keep", token: all.owner)
        #expect(try kept.status == 200 && kept.document(RunDocument.self).deleteMarkedAt == nil)
        #expect(try await server.send("POST", "/v1/runs/\(all.runs[1])/keep", token: all.owner).body == kept.body)
        // As if a day had passed.
        let database = server.server.database
        try await database.unmark([all.runs[0]])
        try await database.markForDeletion(
            [all.runs[0]], reason: ProvenBackup.askedFor, at: Date().addingTimeInterval(-86_401))
        _ = try await database.approveRetention(of: .init(all.target), until: Date())
        try await eventually("its bytes are gone") {
            try Self.files(all) == Set(all.runs.suffix(2).flatMap { ["\($0).rdb.zst", "\($0).manifest.json"] })
        }
        #expect(try await run(all.runs[0]).deletedAt != nil)
        let late = try await server.send("POST", "/v1/runs/\(all.runs[0])/keep", token: all.owner)
        #expect(late.status == 412 && late.error?.message == "the backup is gone already")
        let gone = try await server.send("DELETE", "/v1/runs/\(all.runs[0])", token: all.owner)
        #expect(gone.status == 412 && gone.error?.message.contains("no backup") == true)
        #expect(try await run(all.runs[1]).deletedAt == nil)
        #expect(try await run(all.runs[2]).deletedAt == nil)
    }
}
