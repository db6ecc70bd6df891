import BackupControl
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Replicas over one database, killed at random moments under load: every run ends once, no agent is left alone, and no slot is lost or
/// run twice. `script/prove-replicas` does it for longer.
@Suite(.serialized) struct ReplicaTests {
    /// What the API has answered.
    private final class Orders: Sendable {
        let accepted = Mutex<[String]>([])
        /// Keys whose answer was lost with its replica.
        let unknown = Mutex(0)
    }

    private static let kills = ProcessInfo.processInfo.environment["BACKUPY_PROVE_REPLICAS"].flatMap { Int($0) } ?? 5
    private static var agents: Int { kills > 5 ? 100 : 15 }

    @Test(arguments: [2, 3]) func everyRunEndsOnceWhicheverReplicaIsKilled(_ count: Int) async throws {
        let replicas = try await ReplicaSet(count)
        let token = try await replicas.owner()
        let all = try await ReplicaInstallation(Self.agents, in: replicas)
        let orders = Orders()
        let begun = Date()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in all.members { group.addTask { await member.agent.live() } }
            group.addTask { try await Self.order(all.members.map(\.manual), replicas, token, orders) }
            try await Self.killAtRandom(replicas)
            // At least one whole minute of the schedule.
            try await eventually("a slot of the schedule has come", within: .seconds(90)) {
                Date().timeIntervalSince(begun) > 70
            }
            group.cancelAll()
        }
        try await Self.settle(all, replicas, token)
        try await check(all, replicas, orders, from: begun)
        await replicas.stop()
    }

    // MARK: Under load

    private static func order(
        _ jobs: [JobRecord], _ replicas: ReplicaSet, _ token: String, _ orders: Orders
    ) async throws {
        while !Task.isCancelled {
            guard let job = jobs.randomElement() else { return }
            let key = UUID().uuidString
            var answer: (status: Int, body: String)?
            for _ in 0..<20 where answer == nil && !Task.isCancelled {
                answer = try? await ReplicaCall.send(
                    "POST", replicas.anyPort, "/v1/jobs/\(job.id)/run", "{}", token: token, key: key)
                if answer == nil { try? await Task.sleep(for: .milliseconds(100)) }
            }
            switch answer?.status {
            case 202:
                if let id = answer?.body.firstMatch(of: /"id":"([0-9a-z-]+)"/) {
                    orders.accepted.withLock { $0.append(String(id.1)) }
                }
            case 409: if answer?.body.contains("right now") == true { orders.unknown.withLock { $0 += 1 } }
            default: orders.unknown.withLock { $0 += 1 }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func killAtRandom(_ replicas: ReplicaSet) async throws {
        for _ in 0..<kills {
            try await Task.sleep(for: .milliseconds(.random(in: 500...4000)))
            // Sometimes all of them.
            let victims =
                Int.random(in: 0..<5) == 0
                ? Array(replicas.ports.indices)
                : [
                    Int.random(in: 0..<replicas.ports.count)
                ]
            for victim in victims { try await replicas.kill(victim) }
            try await Task.sleep(for: .milliseconds(.random(in: 0...1500)))
            for victim in victims { try await replicas.startAgain(victim) }
        }
    }

    /// Agents go on until all is done; and each of them is reached by whichever replica is asked.
    private static func settle(_ all: ReplicaInstallation, _ replicas: ReplicaSet, _ token: String) async throws {
        _ = try replicas.sql("UPDATE jobs SET enabled = 0, next_due_at = NULL WHERE cron <> ''")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in all.members { group.addTask { await member.agent.live() } }
            try await eventually("no run is live", within: .seconds(60)) {
                try replicas.sql("SELECT id FROM runs WHERE finished_at IS NULL").isEmpty
            }
            for member in all.members {
                let reply = try await ReplicaCall.send(
                    "POST", replicas.anyPort, "/v1/jobs/\(member.manual.id)/run", "{}", token: token)
                #expect(reply.status == 202, "\(reply.body)")
            }
            try await eventually("every agent is reached", within: .seconds(20)) {
                try replicas.sql("SELECT id FROM runs WHERE finished_at IS NULL").isEmpty
            }
            for member in all.members {
                try await eventually("an agent's words are acknowledged") { await member.agent.isIdle }
            }
            group.cancelAll()
        }
    }

    // MARK: Afterwards

    private func check(
        _ all: ReplicaInstallation, _ replicas: ReplicaSet, _ orders: Orders, from begun: Date
    ) async throws {
        var done: Set<String> = []
        for member in all.members {
            let mine = await member.agent.done
            #expect(done.isDisjoint(with: mine), "a run was made by two agents")
            done.formUnion(mine)
            let (sessions, refusals) = (await member.agent.sessions, await member.agent.refusals)
            #expect(sessions > 1, "\(refusals.suffix(3))")
        }
        let runs = try replicas.sql("SELECT id, status, error_code FROM runs WHERE status <> 'success'")
        #expect(runs.isEmpty, "\(runs.prefix(5))")
        let succeeded = Set(try replicas.sql("SELECT id FROM runs WHERE status = 'success'"))
        #expect(succeeded == done, "\(succeeded.symmetricDifference(done).prefix(5))")
        let twice = try replicas.sql(
            """
            SELECT data::json->>'run_id', count(*) FROM events
            WHERE name IN ('job.completed', 'job.failed', 'job.cancelled') GROUP BY 1 HAVING count(*) <> 1
            """)
        #expect(twice.isEmpty, "ended more than once: \(twice.prefix(5))")

        let accepted = orders.accepted.withLock { $0 }
        #expect(Set(accepted).count == accepted.count && succeeded.isSuperset(of: accepted))
        let manual = try replicas.sql("SELECT id FROM runs WHERE trigger_kind = 'manual'").count - all.members.count
        let unknown = orders.unknown.withLock { $0 }
        #expect(manual >= accepted.count && manual <= accepted.count + unknown, "\(manual) of \(accepted.count)")
        for member in all.members { try checkSlots(of: member.scheduled, replicas, from: begun) }
        print("\(succeeded.count) runs, \(accepted.count) ordered by hand, \(unknown) orders without an answer")
    }

    /// Each minute has its run, or one that was late, or was still going on.
    private func checkSlots(of job: JobRecord, _ replicas: ReplicaSet, from begun: Date) throws {
        let runs = try replicas.sql(
            "SELECT slot_at, created_at, finished_at FROM runs WHERE job_id = '\(job.id)' ORDER BY created_at"
        ).map { $0.split(separator: "|").map { (Double($0) ?? 0) / 1000 } }
        let slots = runs.map { $0[0] }
        #expect(Set(slots).count == slots.count)
        let first = try #require(job.nextDueAt).timeIntervalSince1970
        #expect((slots.first ?? .infinity) < first + 0.01, "the first slot is not lost")
        let last = slots.last ?? 0
        for minute in stride(from: (first / 60).rounded(.up) * 60, through: last, by: 60) {
            let isServed = runs.contains { run in
                abs(run[0] - minute) < 0.01 || run[0] < minute && run[1] >= minute
                    || run[1] <= minute + 15 && run[2] >= minute
            }
            #expect(isServed, "the slot \(Date(timeIntervalSince1970: minute)) of \(job.id) is lost: \(runs)")
        }
    }
}
