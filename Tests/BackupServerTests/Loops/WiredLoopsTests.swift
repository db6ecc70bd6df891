import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// The loops in a server that runs.
@Suite struct WiredLoopsTests {
    @Test func aJobIsPlannedRunAndToldOf() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
        let agentID = try agent.document(AgentKeyDocument.self).agent.id
        let target = try await server.send(
            "POST", "/v1/agents/\(agentID)/targets",
            #"{"name":"shop","engine":"postgresql","host":"db","database":"shop","username":"u"}"#, token: owner)
        let targetID = try target.document(TargetDocument.self).id
        func makeJob(_ name: String, _ cron: String) async throws -> TestServer.Reply {
            try await server.send(
                "POST", "/v1/agents/\(agentID)/jobs",
                #"{"target_id":"\#(targetID)","name":"\#(name)","cron":"\#(cron)","timeout_s":3600}"#, token: owner)
        }
        let refused = try await makeJob("never", "0 0 31 2 *")
        #expect(refused.status == 400 && refused.error?.details.map(\.field) == ["cron"])
        let job = try await makeJob("yearly", "0 0 1 1 *").document(JobDocument.self)
        let due = try #require(job.nextDueAt)
        #expect(due > Date() && job.expectedBy == due.addingTimeInterval(7200))

        let database = server.server.database
        var record = try #require(try await database.job(.init(job.id)))
        record.nextDueAt = Date().addingTimeInterval(-60)
        try await database.setTimes(of: record)
        try await eventually("the scheduler makes its run") {
            try await database.runs(RunFilter(), PageRequest()).items.map(\.jobID.string) == [job.id]
        }
        #expect(try await database.job(.init(job.id))?.nextDueAt == due)

        // A channel that leads to this very host.
        let channel = ChannelRecord(
            id: .init("channel-1"), name: "ops", place: .webhook(url: "http://127.0.0.1:\(server.port)/v1/auth/login"),
            sealedSecret: try server.server.keys.seal(Secret("s"), for: ChannelRecord.secretPlace(.init("channel-1"))),
            createdAt: Date())
        try await database.addChannel(channel)
        try await database.addNotice(Notice(.serverWasDown, "t", [], at: Date(), dedupKey: "1"))
        try await eventually("it is tried, and refused") {
            try await database.channel(channel.id)?.lastError.contains("delivery.forbidden_address") == true
        }
    }
}
