import BackupControl
import BackupControlStore
import BackupCore
import Foundation
import Testing

/// Claims: fair among agents, exact among replicas, refused when stale; on both databases.
@Suite struct ClaimTests {
    private let start = Sample().start

    private func claim(_ database: ControlDatabase, limit: Int = 1000, at seconds: Double = 1000) async throws
        -> [RunClaim]
    {
        let time = start.addingTimeInterval(seconds)
        return try await database.claimPending(
            replica: "one", until: time.addingTimeInterval(60), at: time, limit: limit)
    }

    private var order: RunOrder {
        RunOrder(
            objectKey: "a/b", uploadID: nil, encryption: .init(), deadlineAt: start.addingTimeInterval(3600), at: start)
    }

    /// An agent with as many pending runs.
    private func agent(
        _ name: String, runs: Int, parallel: Int = 1, in database: ControlDatabase
    ) async throws -> AgentRecord.ID {
        var all = try await Installation(database, agent: name, parallel: parallel)
        _ = try await database.beginSession(all.agent.id, replica: "one", registration: .init(), at: start)
        for number in 0..<runs {
            let job = all.sample.job(all.target, all.storage, "job \(number)")
            try await database.addJob(job)
            try await database.addRun(all.sample.run(job, at: Double(number)))
        }
        return all.agent.id
    }

    @Test(arguments: DatabaseKind.allCases)
    func anAgentWithALongQueueDoesNotStandBeforeOthers(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let busy = try await agent("busy", runs: 40, in: database)
        var late = try await Installation(database, agent: "late")
        _ = try await database.beginSession(late.agent.id, replica: "one", registration: .init(), at: start)
        try await database.addRun(late.sample.run(late.job, at: 500))
        #expect(try await claim(database, limit: 5).map(\.run.agentID) == [busy, late.agent.id])
        #expect(try await claim(database, limit: 5).isEmpty)
        await database.close()
    }

    /// The replicas of one name here stand for an agent that changes over while it is being claimed for.
    @Test func claimsAtOnceGiveAnAgentNoMoreThanItMayHave() async throws {
        let fixture = try await DatabaseFixture(.postgresql)
        var replicas: [ControlDatabase] = []
        for _ in 0..<3 { replicas.append(try await fixture.open()) }
        _ = try await agent("web", runs: 30, parallel: 4, in: replicas[0])
        let claimed = try await withThrowingTaskGroup(of: [RunClaim].self) { group in
            for number in 0..<24 {
                let replica = replicas[number % 3]
                group.addTask { try await claim(replica, limit: 3) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let rest = try await claim(replicas[0])
        #expect(claimed.count + rest.count == 4 && Set((claimed + rest).map(\.run.id)).count == 4)
        for replica in replicas { await replica.close() }
    }

    @Test(arguments: DatabaseKind.allCases)
    func aStaleClaimChangesNothing(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        _ = try await agent("web", runs: 1, in: database)
        let stale = try #require(try await claim(database).first)
        let fresh = try #require(try await claim(database, at: 2000).first)
        #expect(fresh.fence == stale.fence + 1)
        try await database.release(stale, notBefore: start.addingTimeInterval(1e6))
        #expect(try await database.run(stale.run.id)?.notBefore == start)
        #expect(try await database.dispatch(stale, order, over: 1) == false)
        #expect(try await database.run(stale.run.id)?.status == .pending)
        #expect(try await database.dispatch(fresh, order, over: 1))
        await database.close()
    }

    /// Its replica was killed, or has not noticed yet that the agent is gone.
    @Test(arguments: DatabaseKind.allCases)
    func aNewSessionFreesWhatWasClaimedAndNothingGoesOverTheOldOne(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let id = try await agent("web", runs: 1, in: database)
        let late = try #require(try await claim(database).first)
        _ = try await database.beginSession(id, replica: "one", registration: .init(), at: start)
        #expect(try await database.dispatch(late, order, over: 1) == false, "the agent would never hear of it")
        let next = try #require(try await claim(database).first, "nobody waits for the lease")
        #expect(try await database.dispatch(late, order, over: 2) == false, "the claim is stale")
        #expect(try await database.dispatch(next, order, over: 2))
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatWasCancelledIsNotSent(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        _ = try await agent("web", runs: 1, in: database)
        let claim = try #require(try await claim(database).first)
        #expect(try await database.requestCancel(claim.run.id)?.status == .cancelled)
        #expect(try await database.dispatch(claim, order, over: 1) == false)
        #expect(try await database.run(claim.run.id)?.status == .cancelled)
        await database.close()
    }
}
