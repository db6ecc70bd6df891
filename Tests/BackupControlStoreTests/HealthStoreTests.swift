import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// Health checks and the public page, on both databases.
@Suite struct HealthStoreTests {
    private let start = Date(timeIntervalSince1970: 1_780_000_200)

    private func check(_ all: inout Installation, _ name: String = "shop") -> HealthCheckRecord {
        HealthCheckRecord(
            id: all.sample.id(), agentID: all.agent.id, name: name, kind: .https, target: "https://shop.test",
            expectedStatus: 204, expectedText: "ok", isPublic: true, createdAt: start)
    }

    private func found(_ check: HealthCheckRecord, _ isUp: Bool, at seconds: Double) -> HealthObservation {
        HealthObservation(
            checkID: check.id, at: start.addingTimeInterval(seconds), isUp: isUp, latency: .milliseconds(20),
            statusCode: isUp ? 204 : 500, error: isUp ? "" : "status 500")
    }

    @Test(arguments: DatabaseKind.allCases)
    func checksAreKeptAndRaiseTheConfiguration(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var check = check(&all)
        let version = try await database.agent(all.agent.id)?.configVersion ?? 0
        try await database.addHealthCheck(check)
        #expect(try await database.healthCheck(check.id) == check)
        let twin = self.check(&all)
        await #expect(throws: ControlError.self) { try await database.addHealthCheck(twin) }
        check.interval = .seconds(30)
        check.expectedStatus = nil
        check.isPublic = false
        try await database.updateHealthCheck(check, at: start)
        #expect(try await database.healthChecks(of: all.agent.id, PageRequest()).items == [check])
        #expect(try await database.healthChecks(of: .init("another"), PageRequest()).items.isEmpty)
        #expect(try await database.agentPlan(all.agent.id)?.healthChecks == [check])
        try await database.deleteHealthCheck(check.id)
        #expect(try await database.healthChecks(of: nil, PageRequest()).items.isEmpty)
        #expect(try await database.agent(all.agent.id)?.configVersion == version + 3)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aResultCountsOnceWheneverItComes(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let check = check(&all)
        try await database.addHealthCheck(check)
        let now = start.addingTimeInterval(7200)
        let results = [found(check, true, at: 0), found(check, false, at: 60), found(check, true, at: 3660)]
        for _ in 0..<2 { try await database.recordHealth(results, from: all.agent.id, at: now) }
        try await database.recordHealth([found(check, false, at: 120)], from: .init("another"), at: now)
        // Late: counted, and no state changes.
        try await database.recordHealth(
            [found(check, false, at: 180), found(check, false, at: 120)], from: all.agent.id, at: now)
        let state = try #require(try await database.healthCheck(check.id))
        #expect(state.state == .up && state.failures == 0 && state.lastResultAt == start.addingTimeInterval(3660))
        let hours = try await database.healthHours(of: check.id, from: start.addingTimeInterval(-3600))
        #expect(hours.map { [$0.up, $0.down, $0.coveredSeconds] } == [[1, 3, 240], [1, 0, 60]])
        #expect(hours[0].latencySum == .milliseconds(80))
        let page = try await database.healthResults(of: check.id, PageRequest(limit: 3))
        #expect(page.items.map(\.isUp) == [true, false, false] && page.items[1].error == "status 500")
        let rest = try await database.healthResults(of: check.id, PageRequest(limit: 3, cursor: page.nextCursor))
        #expect(rest.items == [found(check, false, at: 60), found(check, true, at: 0)])

        // Too old to know whether it was there; of a clock that is ahead.
        try await database.recordHealth([found(check, true, at: -8 * 86_400)], from: all.agent.id, at: now)
        try await database.recordHealth([found(check, true, at: 9e8)], from: all.agent.id, at: now)
        #expect(try await database.healthCheck(check.id)?.lastResultAt == now)
        try await database.pruneHealth(resultsBefore: start.addingTimeInterval(200), hoursBefore: start)
        #expect(try await database.healthResults(of: check.id, PageRequest()).items.count == 2)
        #expect(try await database.healthHours(of: check.id, from: .distantPast).count == 2)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func downAndUpAreToldOnce(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let check = check(&all)
        try await database.addHealthCheck(check)
        try await database.addChannel(ChannelRecord(id: all.sample.id(), name: "all", place: .slack, createdAt: start))
        let states = [true, false, true, false, false, false, true]
        let results = states.enumerated().map { found(check, $1, at: Double($0) * 60) }
        for result in results { try await database.recordHealth([result], from: all.agent.id, at: result.at) }
        let names = try await database.events(after: 0, limit: 100).filter { $0.event.topic == "incidents" }
        #expect(names.map(\.event.name) == ["incident.check_down", "incident.check_up"])
        let told = try await database.claimDeliveries(
            replica: "test", until: start.addingTimeInterval(9e5), at: start.addingTimeInterval(8e5), limit: 10,
            perMinute: 10)
        #expect(told.map(\.notice.kind) == [.checkDown, .checkUp] && told[0].notice.lines == ["status 500"])
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatIsTurnedOffIsNotWatched(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        var check = check(&all)
        try await database.addHealthCheck(check)
        try await database.setStatusPage(StatusPage(isEnabled: true, slug: "ours", checks: [check.id]))
        func down(at seconds: Double) async throws {
            let result = found(check, false, at: seconds)
            try await database.recordHealth([result], from: all.agent.id, at: result.at)
        }
        func told() async throws -> Int {
            try await database.events(after: 0, limit: 100).filter { $0.event.name == "incident.check_down" }.count
        }
        for seconds in [0.0, 60] { try await down(at: seconds) }
        #expect(try await database.healthCheck(check.id)?.state == .down)
        #expect(try await database.statusFacts(slug: "ours", at: start)?.checks.map(\.check.state) == [.down])

        check.isEnabled = false
        try await database.updateHealthCheck(check, at: start.addingTimeInterval(90))
        // What its agent has found before it heard of that.
        try await down(at: 120)
        let off = try #require(try await database.healthCheck(check.id))
        #expect(off.state == .unknown && off.failures == 0 && off.stateSince == start.addingTimeInterval(90))
        #expect(try await database.healthResults(of: check.id, PageRequest()).items.count == 3)
        #expect(try await database.statusFacts(slug: "ours", at: start)?.checks.isEmpty == true)
        let overview = try await database.overview(at: start)
        #expect(overview.checks == 0 && overview.checksDown == 0)

        check.isEnabled = true
        try await database.updateHealthCheck(check, at: start.addingTimeInterval(150))
        #expect(try await database.statusFacts(slug: "ours", at: start)?.checks.map(\.check.state) == [.unknown])
        #expect(try await told() == 1)
        for seconds in [180.0, 240] { try await down(at: seconds) }
        #expect(try await database.healthCheck(check.id)?.state == .down)
        #expect(try await told() == 2, "it is still down, or again")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func thePageShowsWhatIsPublic(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let shown = check(&all, "shown")
        var hidden = check(&all, "hidden")
        hidden.isPublic = false
        for check in [shown, hidden] { try await database.addHealthCheck(check) }
        #expect(try await database.statusPage() == StatusPage())
        var page = StatusPage(
            isEnabled: false, slug: "ours", title: "Ours", checks: [shown.id, hidden.id, .init("gone")],
            targets: [all.target.id, .init("gone")])
        try await database.setStatusPage(page)
        #expect(try await database.statusFacts(slug: "ours", at: start) == nil, "it is turned off")
        page.isEnabled = true
        try await database.setStatusPage(page)
        #expect(try await database.statusPage() == page)
        #expect(try await database.statusFacts(slug: "other", at: start) == nil)

        var incident = IncidentRecord(id: all.sample.id(), title: "Slow", body: "b", impact: .major, startedAt: start)
        try await database.addIncident(incident)
        try incident.add(.init(at: start.addingTimeInterval(5), status: .resolved, text: "over"))
        try await database.updateIncident(incident)
        #expect(try await database.incident(incident.id) == incident)
        #expect(try await database.incidents(PageRequest()).items == [incident])
        try await database.recordHealth([found(shown, true, at: 0)], from: all.agent.id, at: start)
        var job = all.job
        job.expectedBy = start.addingTimeInterval(9999)
        try await database.setTimes(of: job)
        func facts() async throws -> StatusFacts {
            try #require(try await database.statusFacts(slug: "ours", at: start))
        }
        let before = try await facts()
        #expect(before.checks.map(\.check.name) == ["shown"] && before.checks[0].hours.count == 1)
        #expect(before.targets == [.init(name: "shop", state: .unknown, lastBackupAt: nil)])
        #expect(before.incidents == [incident])
        let run = all.sample.run(all.job)
        try await database.addRun(run)
        _ = try await database.finish(run.id, agent: nil, .success(Sample.stored), at: start)
        #expect(try await facts().targets == [.init(name: "shop", state: .protected, lastBackupAt: start)])
        job.lateAlertedAt = start
        try await database.setTimes(of: job)
        #expect(try await facts().targets.map(\.state) == [.late])
        let names = try await database.events(after: 0, limit: 100).filter { $0.event.topic == "incidents" }
        #expect(names.map(\.event.name) == ["incident.opened", "incident.resolved"])
        await database.close()
    }
}
