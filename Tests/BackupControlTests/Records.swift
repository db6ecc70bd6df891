import BackupControl
import BackupCore
import Foundation

/// Records for tests of pure logic.
enum Records {
    static func time(_ text: String) -> Date {
        guard let time = UTCTime(rfc3339: text) else { return .distantPast }
        return time.date
    }

    static func job(_ cron: String = "0 3 * * *", id: String = "job-1", jitter: Int = 0) -> JobRecord {
        JobRecord(
            id: .init(id), agentID: .init("agent-1"), targetID: .init("target-1"), storageID: .init("store-1"),
            name: "nightly", cron: cron, jitter: .seconds(jitter), createdAt: time("2026-01-01T00:00:00Z"))
    }

    static func agent(isConnected: Bool = true, lastSeenAt: Date? = nil) -> AgentRecord {
        var agent = AgentRecord(id: .init("agent-1"), name: "web", createdAt: time("2026-01-01T00:00:00Z"))
        agent.session = .init(number: 1, replica: isConnected ? "one" : nil, lastSeenAt: lastSeenAt)
        return agent
    }

    static func check(interval: Int = 60, createdAt: String = "2026-01-01T00:00:00Z") -> HealthCheckRecord {
        HealthCheckRecord(
            id: .init("check-1"), agentID: .init("agent-1"), name: "shop", kind: .https, target: "https://shop.test",
            interval: .seconds(interval), createdAt: time(createdAt))
    }
}
