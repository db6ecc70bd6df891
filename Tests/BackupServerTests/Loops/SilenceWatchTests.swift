import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Logging
import Testing

@testable import BackupServer

@Suite struct SilenceWatchTests {
    private func told(_ fixture: LoopFixture) async throws -> Set<Notice.Kind> {
        Set(
            try await fixture.database.claimDeliveries(
                replica: "x", until: fixture.now().addingTimeInterval(1), at: fixture.now(), limit: 100, perMinute: 100
            ).map(\.notice.kind))
    }

    @Test func silenceIsToldAndItsEnd() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("0 13 * * *")
        try await fixture.addChannel()
        let scheduler = Scheduler(
            runs: fixture.database, schedule: fixture.database, workChanged: {}, logger: fixture.logger,
            now: fixture.now)
        _ = try await scheduler.pass()
        _ = try await fixture.database.beginSession(
            job.agentID, replica: "one", registration: .init(), at: fixture.now())
        let watch = SilenceWatch(store: fixture.database, logger: fixture.logger, patience: .zero, now: fixture.now)
        for _ in 0..<5 {
            _ = try await watch.pass()
            fixture.pass(30)
        }
        #expect(try await told(fixture).isEmpty)
        for _ in 0..<10 {
            _ = try await watch.pass()
            fixture.pass(30)
        }
        #expect(try await told(fixture) == [.agentOffline])
        // Due at 13:00, with six hours for the run and one of grace.
        fixture.set("2026-03-01T20:00:01Z")
        _ = try await watch.pass()
        #expect(try await told(fixture).isSuperset(of: [.backupLate, .serverWasDown]))
        #expect(try await fixture.database.job(job.id)?.lateAlertedAt == fixture.now())
        _ = try await fixture.database.beginSession(
            job.agentID, replica: "one", registration: .init(), at: fixture.now().addingTimeInterval(1))
        fixture.pass(2)
        _ = try await watch.pass()
        #expect(try await told(fixture).contains(.agentOnline))
    }

    @Test func agentsHaveTimeToComeBackToAServerThatBegan() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        _ = try await fixture.database.beginSession(
            job.agentID, replica: "one", registration: .init(), at: fixture.now())
        fixture.pass(3600)
        _ = try await SilenceWatch(store: fixture.database, logger: fixture.logger, now: fixture.now).pass()
        #expect(!fixture.log.words.contains("an agent is gone"))
    }

    @Test func whatAnAgentReportsIsStored() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let job = try await fixture.addJob("")
        let check = HealthCheckRecord(
            id: .init("check-1"), agentID: job.agentID, name: "shop", kind: .tcp, target: "db:1", createdAt: Date())
        try await fixture.database.addHealthCheck(check)
        var result = HealthResult()
        result.checkID = "check-1"
        result.timeMilliseconds = UInt64(Date().timeIntervalSince1970 * 1000) - 5000
        result.isOK = true
        result.latencyMilliseconds = 12
        let sink = StoredHealth(store: fixture.database)
        for _ in 0..<2 { try await sink.took(result, from: job.agentID) }
        #expect(
            try await fixture.database.healthResults(of: check.id, PageRequest()).items.map(\.latency) == [
                .milliseconds(12)
            ])
        #expect(try await fixture.database.healthCheck(check.id)?.state == .up)
        result.timeMilliseconds = .max
        result.checkID = "nobody's"
        try await sink.took(result, from: job.agentID)
    }
}
