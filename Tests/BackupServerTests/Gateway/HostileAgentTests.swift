import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// What an agent says may be wrong, or come at the worst moment: the server goes on, and no run ends for it that has not ended.
@Suite(.serialized) struct HostileAgentTests {
    private struct Place {
        let server: GatewayFixture
        let agent: ScriptedAgent
        let run: RunRecord
    }

    private func withPlace(_ body: (Place) async throws -> Void) async throws {
        let place = try await place()
        do { try await body(place) } catch {
            await place.server.kill()
            throw error
        }
        await place.server.kill()
    }

    /// A run that is under way, with an upload, in a store where nobody answers.
    private func place() async throws -> Place {
        let server = try await GatewayFixture()
        let record = await GatewayFixture.addAgent("web-1", to: server.store)
        let s3 = StorageProfile.Place.s3(
            .init(
                endpoint: "http://127.0.0.1:9", region: "us-east-1", bucket: "b", prefix: "", isPathStyle: true,
                accessKeyID: "a"))
        let secret = try server.keys.seal(
            Secret("secret"), for: StorageService.place(ofSecretOf: .init("profile")))
        let job = await GatewayFixture.addJob(of: record, place: s3, sealedSecret: secret, to: server.store)
        var random = SystemRandomNumberGenerator()
        var run = RunRecord(
            id: BackupID(at: Date(), using: &random), jobID: job.id, agentID: record.id, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: Date(), compression: .zstd, engine: .postgresql,
            createdAt: Date())
        run.status = .running
        run.objectKey = "web-1/shop/2026/01/01/\(run.id).dump.zst.bkpy"
        run.uploadID = "upload"
        try await server.store.addRun(run)
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register([.ack, .multipart])
        return Place(server: server, agent: agent, run: run)
    }

    @Test func aTimeBeyondAllCalendarsIsStoredAsOne() async throws {
        try await withPlace { place in
            var event = LogEvent()
            event.timeMilliseconds = .max
            event.message = "from the end of time"
            event.fields = ["run_id": place.run.id.string]
            place.agent.send(.log(event), correlationID: "log")
            try await eventually("it is acknowledged") { place.agent.acks == ["log"] }
            let line = try #require(
                await place.server.store.logs(of: place.run.id, PageRequest(limit: 1, cursor: nil)).items.first)
            #expect(line.at < Date().addingTimeInterval(2 * 86_400))
            #expect(Date(timeIntervalSince1970: .infinity).milliseconds == 253_402_300_799_999)
        }
    }

    @Test func sizesThatAddUpToMoreThanThereAreAreRefused() async throws {
        try await withPlace { place in
            let parts = [1 << 63, 1 << 63, 5].enumerated().map { number, size in
                UploadedPart(number: UInt32(number + 1), etag: "\"e\"", sizeBytes: size)
            }
            let request = CompleteUpload(runID: place.run.id.string, parts: parts, sizeBytes: 5)
            place.agent.send(.completeUpload(request), correlationID: "complete")
            try await eventually("it is refused") {
                place.agent.messages.contains { if case .uploadResult(let result) = $0 { !result.isOK } else { false } }
            }
            #expect(place.agent.isOpen)
        }
    }

    @Test func aRunThatWaitsForItsNextAttemptIsNotForgotten() async throws {
        try await withPlace { place in
            func say(_ status: JobStatus) {
                var update = JobUpdate()
                (update.runID, update.jobID, update.status) = (place.run.id.string, place.run.jobID.string, status)
                place.agent.send(.jobUpdate(update), correlationID: "\(status)")
            }
            say(.running)
            say(.queued)
            try await eventually("both are heard") { place.agent.acks.count == 2 }
            for number in 0..<5 {
                place.agent.send(.heartbeat(Heartbeat()))
                // Each is heard for itself.
                place.agent.send(.discovery([]), correlationID: "d\(number)")
                try await eventually("it is heard") { place.agent.acks.contains("d\(number)") }
            }
            #expect(await place.server.store.run(place.run.id)?.status.isLive == true)
            say(.running)
            try await eventually("it is under way again") { place.agent.acks.count == 8 }
            for _ in 0..<3 { place.agent.send(.heartbeat(Heartbeat())) }
            try await place.server.waitFor(.lost, of: place.run.id)
        }
    }

    @Test func aStoreThatCannotBeCleanedHidesNoMessage() async throws {
        try await withPlace { place in
            var update = JobUpdate()
            (update.runID, update.status) = (place.run.id.string, .failed)
            update.error = ErrorReport(code: "postgresql.gone", message: "it is gone", hint: "look")
            place.agent.send(.jobUpdate(update), correlationID: "failed")
            try await eventually("it is acknowledged") { place.agent.acks == ["failed"] }
            #expect(await place.server.store.run(place.run.id)?.failure?.code == "postgresql.gone")
            #expect(place.agent.isOpen && place.agent.closeCode == nil)
        }
    }
}
