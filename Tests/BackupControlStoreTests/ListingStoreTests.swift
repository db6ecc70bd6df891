import BackupControl
import BackupControlStore
import BackupCore
import Foundation
import Testing

/// What pages show: searched, sorted and cut by the database, with names and counts, the same on both.
@Suite struct ListingStoreTests {
    @Test(arguments: DatabaseKind.allCases)
    func listsAreSearchedSortedAndCutWithTheNamesOfWhatTheyBelongTo(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        for name in ["Web_1", "web-2", "db%3"] { _ = try await Installation(database, agent: name) }
        func agents(_ search: ListSearch) async throws -> [String] {
            try await database.listAgents(search).rows.map(\.agent.name)
        }
        #expect(try await agents(ListSearch(text: "WEB")) == ["Web_1", "web-2"])
        #expect(try await agents(ListSearch(text: "%")) == ["db%3"], "a sign of patterns is a letter")
        #expect(try await agents(ListSearch(text: "b_")) == ["Web_1"])
        #expect(try await agents(ListSearch(sort: "name", isDescending: true)) == ["web-2", "db%3", "Web_1"])
        #expect(try await agents(ListSearch(sort: "name; DROP TABLE agents")).count == 3)
        let first = try await database.listAgents(ListSearch(limit: 2))
        #expect(first.rows.count == 2 && first.nextOffset == 2 && first.rows[0].targets == 1 && first.rows[0].jobs == 1)
        let second = try await database.listAgents(ListSearch(offset: 2, limit: 2))
        #expect(second.rows.map(\.agent.name) == ["web-2"] && second.nextOffset == nil)
        let jobs = try await database.listJobs(ListSearch(text: "web-2", sort: "next"))
        #expect(jobs.rows.map(\.agentName) == ["web-2"] && jobs.rows.map(\.targetName) == ["shop"])
        #expect(jobs.rows[0].lastRun == nil && jobs.rows[0].engine == "postgresql")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aJobsNewestRunAndATargetsNewestBackupAreShown(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let proven = all.sample.run(all.job)
        try await database.addRun(proven)
        #expect(try await database.liveRuns(limit: 10).map(\.id) == [proven.id])
        let ended = all.sample.start.addingTimeInterval(60)
        _ = try await database.finish(proven.id, agent: nil, .success(Sample.stored), at: ended)
        let failed = all.sample.run(all.job, at: 100)
        try await database.addRun(failed)
        _ = try await database.finish(
            failed.id, agent: nil, .failed(.init(code: "x.y", message: "no")), at: ended.addingTimeInterval(100))
        let job = try #require(try await database.listJobs(ListSearch(agentID: all.agent.id)).rows.first)
        #expect(job.lastRun?.id == failed.id)
        let target = try #require(try await database.listTargets(of: [all.agent.id], limit: 10).first)
        #expect(target.jobID == all.job.id && target.lastProvenAt == ended && target.agentName == "web")
        #expect(try await database.listTargets(of: [], limit: 10).isEmpty)
        #expect(try await database.provenTimes(of: [all.target.id]) == [all.target.id: ended])
        let names = try await database.names(NameWish([proven]))
        #expect(names.of(job: all.job.id) == "nightly" && names.of(agent: all.agent.id) == "web")
        #expect(names.of(target: .init("gone")) == "gone")
        let day = try #require(UTCTime(rfc3339: "\(UTCTime(all.sample.start).rfc3339.prefix(10))T00:00:00Z")?.date)
        let expected = [RunDay(day: day, succeeded: 1, failed: 1)]
        #expect(try await database.runDays(of: nil, from: day) == expected)
        #expect(try await database.runDays(of: all.job.id, from: day) == expected)
        #expect(try await database.runDays(of: .init("other"), from: day).isEmpty)
        #expect(try await database.storedDays(from: day) == [StoredDay(day: day, added: 1000, removed: 0)])
        #expect(
            try await database.targetUsage(limit: 5)
                == [TargetUsage(targetID: all.target.id, name: "shop", backups: 1, sizeBytes: 1000)])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func theLastLinesOfALogAreShownInTheirOrder(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        let lines = (1...5).map { number in
            RunLogLine(at: all.sample.start, level: "info", message: "line \(number)", fields: [:])
        }
        try await database.appendLogs(lines, to: run.id)
        #expect(try await database.lastLogs(of: run.id, limit: 2).map(\.message) == ["line 4", "line 5"])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatAgentsFoundAndWhoIsGoneIsShown(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let all = try await Installation(database, agent: "here")
        let other = try await Installation(database, agent: "there")
        try await database.setDiscovered(
            all.agent.id, [FoundContainer(id: "1", name: "Shop-DB", engine: "postgresql")])
        try await database.setDiscovered(other.agent.id, [])
        func found(_ text: String, of agent: AgentRecord.ID? = nil) async throws -> [String] {
            try await database.listDiscoveries(text, of: agent, limit: 10).map(\.agentName)
        }
        #expect(try await found("") == ["here"], "what found nothing is left out")
        #expect(try await found("shop-db") == ["here"])
        #expect(try await found("wiki").isEmpty)
        #expect(try await found("", of: other.agent.id).isEmpty)
        #expect(try await database.lostAgents(limit: 10).isEmpty, "nobody was here yet")
        let session = try #require(
            try await database.beginSession(
                all.agent.id, replica: "one", registration: .init(), at: all.sample.start))
        #expect(try await database.lostAgents(limit: 10).isEmpty)
        try await database.endSession(all.agent.id, number: session.session.number)
        #expect(try await database.lostAgents(limit: 10).map(\.name) == ["here"])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func checksComeWithTheirHours(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let check = HealthCheckRecord(
            id: all.sample.id(), agentID: all.agent.id, name: "Shop", kind: .https, target: "https://shop.example.com",
            createdAt: all.sample.start)
        try await database.addHealthCheck(check)
        let seen = HealthObservation(
            checkID: check.id, at: all.sample.start, isUp: true, latency: .milliseconds(5), statusCode: 200, error: "")
        try await database.recordHealth([seen], from: all.agent.id, at: all.sample.start)
        let from = all.sample.start.addingTimeInterval(-7200)
        let found = try #require(try await database.listChecks(ListSearch(text: "shop"), hoursFrom: from).rows.first)
        #expect(found.agentName == "web" && found.hours.map(\.up) == [1] && found.check.state == .up)
        let later = try await database.listChecks(ListSearch(), hoursFrom: all.sample.start.addingTimeInterval(7200))
        #expect(later.rows.map(\.hours.count) == [0])
        await database.close()
    }
}
