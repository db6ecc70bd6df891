import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct HealthTests {
    private let start = Records.time("2026-03-01T12:00:00Z")

    private func look(_ check: inout HealthCheckRecord, _ isUp: Bool, at seconds: Double) -> HealthMachine.News? {
        HealthMachine.after(
            .init(checkID: check.id, at: start.addingTimeInterval(seconds), isUp: isUp, latency: .milliseconds(5)),
            &check)
    }

    @Test func twoFailuresInARowAreDown() {
        var check = Records.check()
        #expect(look(&check, true, at: 0) == nil && check.state == .up && check.stateSince == start)
        #expect(look(&check, false, at: 60) == nil && check.state == .up && check.failures == 1)
        #expect(look(&check, true, at: 120) == nil && check.failures == 0)
        #expect(look(&check, false, at: 180) == nil)
        #expect(look(&check, false, at: 240) == .wentDown && check.state == .down)
        #expect(look(&check, false, at: 300) == nil, "it is told once")
        #expect(check.stateSince == start.addingTimeInterval(240))
        #expect(look(&check, true, at: 360) == .cameUp && check.state == .up)
    }

    @Test func whatWasDownBeforeNobodyLookedIsToldWhenItIsUp() {
        var check = Records.check()
        #expect(look(&check, false, at: 0) == nil && check.state == .unknown)
        #expect(look(&check, false, at: 60) == .wentDown)
        check.state = .unknown
        #expect(look(&check, false, at: 600) == nil && check.state == .down)
        check.state = .unknown
        #expect(look(&check, true, at: 900) == .cameUp)
    }

    private func hour(_ text: String, up: Int, down: Int = 0, interval: Int = 60) -> HealthHour {
        HealthHour(
            hour: Records.time(text), up: up, down: down, latencySum: .milliseconds(10 * (up + down)),
            coveredSeconds: (up + down) * interval)
    }

    @Test func timeOfWhichNobodyKnowsIsNotUp() throws {
        let check = Records.check(createdAt: "2026-03-01T08:00:00Z")
        let now = Records.time("2026-03-01T12:00:00Z")
        let hours = [
            hour("2026-03-01T08:00:00Z", up: 59), hour("2026-03-01T09:00:00Z", up: 30, down: 30),
            hour("2026-03-01T11:00:00Z", up: 30),
        ]
        let uptime = Uptime(.day, of: check, hours: hours, now: now)
        #expect(uptime.upSeconds == 3600 + 1800 + 1800)
        #expect(uptime.downSeconds == 1800 && uptime.unknownSeconds == 3600 + 1800)
        #expect(uptime.upShare == 0.5 && uptime.averageLatency == .milliseconds(10))
    }

    @Test func anHourThatLacksALookIsWhole() throws {
        let check = Records.check(createdAt: "2026-02-27T00:00:00Z")
        let now = Records.time("2026-03-01T12:30:00Z")
        let hours = (0..<48).map { back in
            HealthHour(
                hour: Records.time("2026-03-01T12:00:00Z").addingTimeInterval(-3600 * Double(back)),
                up: back == 0 ? 29 : 58 + back % 4, down: 0, latencySum: .seconds(1),
                coveredSeconds: 60 * (back == 0 ? 29 : 58 + back % 4))
        }
        let uptime = Uptime(.day, of: check, hours: hours, now: now)
        #expect(uptime.upShare == 1 && uptime.unknownSeconds == 0)
        #expect(uptime.upSeconds == 23.5 * 3600, "whole hours, and the one that runs")
        #expect(Uptime(.week, of: check, hours: hours, now: now).unknownSeconds == 12.0 * 3600 + 3600)
    }

    @Test func checksThatCantBeAreRefused() throws {
        func check(_ kind: HealthCheck.Kind, _ target: String, _ change: (inout HealthCheckRecord) -> Void = { _ in })
            throws
        {
            var record = Records.check()
            (record.kind, record.target) = (kind, target)
            change(&record)
            try record.check()
        }
        try check(.https, "https://shop.test/health?a=b")
        try check(.http, "http://127.0.0.1:8080")
        try check(.tcp, "db:5432")
        try check(.tcp, "[::1]:1")
        let wrong: [(HealthCheck.Kind, String)] = [
            (.https, "http://shop.test"), (.http, "ftp://x"), (.https, "https://"), (.https, "https://u:p@h/"),
            (.tcp, "db"),
            (.tcp, "db:0"), (.tcp, "db:65536"), (.tcp, "a b:1"), (.tcp, "https://h:1"), (.https, "https://h/\r\nX: y"),
        ]
        for (kind, target) in wrong { #expect(throws: ControlError.self, "\(target)") { try check(kind, target) } }
        #expect(throws: ControlError.self) { try check(.tcp, "db:1") { $0.interval = .seconds(9) } }
        #expect(throws: ControlError.self) { try check(.tcp, "db:1") { $0.interval = .seconds(901) } }
        #expect(throws: ControlError.self) { try check(.tcp, "db:1") { $0.timeout = .seconds(61) } }
        #expect(throws: ControlError.self) { try check(.tcp, "db:1") { $0.expectedStatus = 200 } }
        #expect(throws: ControlError.self) { try check(.https, "https://h/") { $0.expectedStatus = 600 } }
    }

    @Test func aNewCheckIsNotBlamedForTimeBeforeIt() {
        let now = Records.time("2026-03-01T12:00:30Z")
        let check = Records.check(createdAt: "2026-03-01T12:00:00Z")
        #expect(Uptime(.quarter, of: check, hours: [], now: now).upShare == nil)
        let old = Records.check(createdAt: "2026-03-01T11:00:00Z")
        #expect(Uptime(.quarter, of: old, hours: [], now: now).upShare == 0)
        let future = Records.check(createdAt: "2026-03-02T12:00:00Z")
        #expect(Uptime(.day, of: future, hours: [], now: now).upShare == nil)
    }
}
