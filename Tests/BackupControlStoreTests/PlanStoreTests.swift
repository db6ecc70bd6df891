import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// Agents, targets, jobs and storage profiles, on both databases.
@Suite struct PlanStoreTests {
    @Test(arguments: DatabaseKind.allCases)
    func whatIsStoredComesBack(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        #expect(try await database.job(all.job.id) == all.job)
        #expect(try await database.target(all.target.id) == all.target)
        #expect(try await database.storage(all.storage.id) == all.storage)
        #expect(try await database.defaultStorage() == all.storage)
        #expect(try await database.agent(keyHash: Array(all.agent.id.string.utf8))?.id == all.agent.id)
        #expect(try await database.agent(keyHash: [1]) == nil)
        // A target and a job raised the configuration's version.
        let plan = try #require(try await database.agentPlan(all.agent.id))
        #expect(plan.agent.configVersion == 3 && plan.targets == [all.target] && plan.jobs == [all.job])

        var agent = all.agent
        agent.maintenance = MaintenanceWindow(start: "22:00", end: "02:00")
        try await database.updateAgent(agent)
        #expect(try await database.agent(agent.id)?.maintenance == agent.maintenance)
        #expect(try await database.agent(agent.id)?.configVersion == 4)
        let other = all.sample.agent(agent.name)
        await #expect(throws: ControlError.conflict("an agent named 'web' is there already")) {
            try await database.addAgent(other, keyHash: [9])
        }
        var s3 = all.sample.storage("s3")
        s3.place = .s3(.init(endpoint: "https://s3.test", bucket: "b", accessKeyID: "key"))
        s3.sealedSecret = [1, 2, 3]
        try await database.addStorage(s3)
        #expect(try await database.storage(s3.id) == s3)
        #expect(try await database.defaultStorage()?.id == s3.id, "the newest default is the only one")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func nothingThatIsNeededIsDeleted(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        for delete in [
            { try await database.deleteAgent(all.agent.id) }, { try await database.deleteTarget(all.target.id) },
            { try await database.deleteJob(all.job.id) }, { try await database.deleteStorage(all.storage.id) },
        ] {
            await #expect { try await delete() } throws: { if case ControlError.conflict = $0 { true } else { false } }
        }
        _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: all.sample.start)
        try await database.deleteJob(all.job.id)
        await #expect(throws: ControlError.conflict("the backup \(run.id) is there")) {
            try await database.deleteStorage(all.storage.id)
        }
        #expect(try await database.storageUsage() == [.init(storageID: all.storage.id, backups: 1, sizeBytes: 1000)])
        try await database.setDeleted(run.id, at: all.sample.start)
        try await database.deleteStorage(all.storage.id)
        try await database.deleteAgent(all.agent.id)
        #expect(try await database.target(all.target.id) == nil)
        #expect(try await database.run(run.id)?.status == .success, "a backup outlives what made it")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func onlyTheNewestSessionCounts(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let all = try await Installation(database)
        let time = all.sample.start
        var registration = AgentRecord.Registration()
        registration.hostname = "host-1"
        registration.capabilities = ["ack", "multipart"]
        let first = try #require(
            try await database.beginSession(all.agent.id, replica: "one", registration: registration, at: time))
        let second = try #require(
            try await database.beginSession(all.agent.id, replica: "two", registration: registration, at: time))
        #expect(first.session.number == 1 && second.session.number == 2)
        try await database.endSession(all.agent.id, number: 1)
        let agent = try #require(try await database.agent(all.agent.id))
        #expect(agent.isConnected && agent.session.replica == "two" && agent.registration == registration)
        try await database.endSessions(ofReplica: "two")
        #expect(try await database.agent(all.agent.id)?.isConnected == false)
        let names = try await database.events(after: 0, limit: 100).map(\.event.name)
        #expect(names == ["agent.connected", "agent.connected", "agent.disconnected"])
        let gone = try await database.beginSession(.init("nobody"), replica: "x", registration: .init(), at: time)
        #expect(gone == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func listsComeInPages(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        for number in 0..<7 { try await database.addAgent(sample.agent("agent \(number)"), keyHash: [UInt8(number)]) }
        var (seen, cursor): ([AgentRecord.ID], String?) = ([], nil)
        repeat {
            let page = try await database.agents(PageRequest(limit: 3, cursor: cursor))
            seen += page.items.map(\.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(seen.count == 7 && seen == seen.sorted() && Set(seen).count == 7)
        await database.close()
    }
}
