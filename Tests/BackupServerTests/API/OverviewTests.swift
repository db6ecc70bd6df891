import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

@Suite struct OverviewTests {
    @Test func itSaysWhatIsProtectedWhatIsLateAndHowTheDayWas() async throws {
        let all = try await RetentionRouteTests.protected(backups: 2, last: 0)
        let (server, owner) = (all.server, all.owner)
        func overview() async throws -> OverviewDocument {
            try await server.send("GET", "/v1/overview", token: owner).document(OverviewDocument.self)
        }
        let before = try await overview()
        #expect(before.targets == 1 && before.protectedTargets == 0, "without a schedule nobody expects a backup")
        #expect(before.agents == 1 && before.connectedAgents == 0 && before.liveRuns == 0)
        #expect(before.lastDay == .init(succeeded: 0, failed: 0, cancelled: 0, storedBytes: 0), "they are older")
        try await server.send("PATCH", "/v1/jobs/\(all.job)", #"{"cron":"0 3 1 1 *"}"#, token: owner)
        #expect(try await overview().protectedTargets == 1)

        let database = server.server.database
        var job = try #require(try await database.job(.init(all.job)))
        let expected = Date().addingTimeInterval(-60)
        (job.expectedBy, job.lateAlertedAt) = (expected, Date())
        try await database.setTimes(of: job)
        let late = try await overview()
        #expect(late.protectedTargets == 0 && late.lateJobs == 1)
        #expect(late.late.map(\.jobID) == [all.job] && late.late.map(\.name) == ["nightly"])
        let shown = try await server.send("GET", "/v1/jobs/\(all.job)", token: owner).document(JobDocument.self)
        #expect(shown.isLate && shown.expectedBy != nil && shown.nextDueAt != nil)

        for ending in [
            RunEnding.success(.init(sizeBytes: 7, sha256: "", duration: .seconds(1), validated: .full)),
            .failed(.init(code: "x", message: "x")), .cancelled, .lost(.init(code: "x", message: "x")),
        ] {
            let reply = try await server.send("POST", "/v1/jobs/\(all.job)/run", token: owner)
            #expect(reply.status == 202, "\(reply.body)")
            #expect(try await overview().liveRuns == 1)
            let id = try BackupID(try reply.document(RunDocument.self).id)
            _ = try await database.finish(id, agent: nil, ending, at: Date())
        }
        let after = try await overview()
        #expect(after.lastDay == .init(succeeded: 1, failed: 2, cancelled: 1, storedBytes: 7))
    }
}
