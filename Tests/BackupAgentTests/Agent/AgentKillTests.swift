import BackupCore
import BackupFormat
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The agent is killed at random moments, and loses nothing: every run ends once.
@Suite(.serialized) struct AgentKillTests {
    /// `BACKUPY_TEST_KILLS`; some, where nothing is said.
    private let kills = ProcessInfo.processInfo.environment["BACKUPY_TEST_KILLS"].flatMap { Int($0) } ?? 6

    @Test func everyRunEndsOnce() async throws {
        let jobs = ["a", "b"].map { name in
            Job(id: name, targetID: "target", retry: Job.Retry(maxAttempts: 2, backoffSeconds: [0]))
        }
        let agent = try await AgentFixture(jobs: jobs)
        let recipients = [X25519Identity.random().recipient.description]
        var ordered = 0
        var killedWithWork = 0
        for _ in 0..<kills {
            let process = try await agent.start()
            for job in jobs {
                try await agent.plane.order("run-\(ordered)", job: job.id) { $0.recipients = recipients }
                ordered += 1
            }
            // The moment is the point: anywhere between the order and a little after its end.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...800)))
            if agent.plane.allRuns.contains(where: { $0.end == nil }) { killedWithWork += 1 }
            kill(process.id, SIGKILL)
            try await eventually("it is dead") { !process.isRunning }
        }
        let process = try await agent.start()
        try await everyRunHasEnded(agent, process)
        let runs = agent.plane.allRuns
        #expect(runs.count == ordered && runs.allSatisfy { $0.ends.count == 1 })
        let failed = runs.compactMap(\.failure)
        #expect(failed.allSatisfy { $0.error?.recovery == "retry" }, "only what is worth another try: \(failed)")
        for run in runs {
            let stored = try await agent.plane.store.info(ObjectKey(run.request.upload.objectKey))?.size
            if let completed = run.completed {
                #expect(stored == completed.sizeBytes)
            } else {
                try await eventually("what a failed run left is gone") {
                    try await agent.plane.store.info(ObjectKey(run.request.upload.objectKey)) == nil
                }
            }
        }
        try await eventually("no upload is left") { try await agent.plane.store.unfinishedUploads().isEmpty }
        try await eventually("no pg_dump is left") {
            try agent.database.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0"
        }
        print(
            "\(ordered) runs, \(kills) kills, \(killedWithWork) with runs going on: "
                + "\(runs.count - failed.count) stored, \(failed.count) failed and to be run again")
        process.stop()
        #expect(process.exitStatus == 0)
    }

    /// The connection is cut at random moments, in every way in which connections end, while runs go on.
    @Test func everyRunEndsOnceOverACutNetwork() async throws {
        let jobs = ["a", "b"].map {
            Job(id: $0, targetID: "target", retry: Job.Retry(maxAttempts: 2, backoffSeconds: [0]))
        }
        let agent = try await AgentFixture(jobs: jobs)
        let recipients = [X25519Identity.random().recipient.description]
        let process = try await agent.start()
        for number in 0..<kills {
            // Where there is no connection there is nothing to cut.
            try await eventually("the agent is connected", within: .seconds(60)) {
                guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
                return agent.plane.peer.connections.count > number && agent.plane.peer.last?.isOpen == true
                    && agent.plane.peer.last?.received.isEmpty == false
            }
            for job in jobs {
                try await agent.plane.order("run-\(job.id)-\(number)", job: job.id) { $0.recipients = recipients }
            }
            // The moment is the point.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...500)))
            switch number % 4 {
            case 0: agent.plane.peer.last?.reset()
            case 1: agent.plane.peer.last?.hangUp()
            case 2: agent.plane.peer.last?.close(code: 1012)
            default:
                agent.plane.peer.change { $0.refusal = 503 }
                agent.plane.peer.last?.reset()
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...1000)))
                agent.plane.peer.change { $0.refusal = nil }
            }
        }
        try await everyRunHasEnded(agent, process)
        let runs = agent.plane.allRuns
        #expect(agent.plane.peer.connections.count >= kills)
        #expect(runs.count == 2 * kills && runs.allSatisfy { $0.ends.count == 1 && $0.completed != nil })
        #expect(try await agent.plane.store.unfinishedUploads().isEmpty)
        print(
            "\(runs.count) runs, \(kills) cuts, \(agent.plane.peer.connections.count) connections: all stored, each told once"
        )
        process.stop()
    }

    /// All that was ordered while there was no connection comes in one burst.
    @Test func manyOrdersComeAtOnce() async throws {
        let jobs = ["a", "b"].map { Job(id: $0, targetID: "target") }
        let agent = try await AgentFixture(jobs: jobs)
        // Before there is a connection, which it would inherit and keep open.
        let lock = try agent.holdLock()
        defer { lock.stop() }
        let process = try await agent.start()
        let recipients = [X25519Identity.random().recipient.description]
        agent.plane.peer.change { $0.refusal = 503 }
        agent.plane.peer.last?.reset()
        for number in 0..<200 {
            try await agent.plane.order("run-\(number)", job: jobs[number % 2].id) { $0.recipients = recipients }
        }
        agent.plane.peer.change { $0.refusal = nil }
        try await eventually("every order is acknowledged", within: .seconds(60)) {
            guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
            return agent.plane.allRuns.allSatisfy(\.isAcknowledged)
        }
        #expect(agent.plane.peer.complaints.isEmpty && !process.words.contains("was dropped"))
    }

    /// The server is away, and comes back: what has happened meanwhile arrives, once.
    @Test func theServerGoesAway() async throws {
        let agent = try await AgentFixture(PeerScript.current)
        agent.plane.peer.change { script in
            script.configuration?.healthChecks = [
                HealthCheck(
                    id: "port", kind: .tcp, target: "127.0.0.1:\(agent.database.port)", interval: .seconds(1),
                    timeout: .seconds(1))
            ]
        }
        let process = try await agent.start()
        // Old-fashioned, so that it needs nobody to end.
        let lock = try agent.holdLock()
        try await agent.plane.orderOld("r1", job: "job") { $0.key = SecretBytes([UInt8](repeating: 9, count: 32)) }
        try await eventually("pg_dump waits") { try agent.waitsForLock() }
        agent.plane.peer.change { $0.refusal = 503 }
        agent.plane.peer.last?.reset()
        lock.stop()
        try agent.releaseLock()
        try await eventually("the run has ended, and nobody knows") { process.words.contains("run ended") }
        #expect(agent.plane.run("r1")?.end == nil)
        let before = agent.plane.peer.messages.count
        try await eventually("the agent has asked again, in vain") { agent.plane.peer.requests > 2 }
        agent.plane.peer.change { $0.refusal = nil }
        #expect(try await agent.end(of: "r1", process).completed != nil)
        try await eventually("results of health checks from meanwhile arrive in order") {
            let times = agent.plane.peer.messages.dropFirst(before).compactMap { message in
                if case .healthResult(let result) = message { result.timeMilliseconds } else { nil }
            }
            return times.count >= 2 && times == times.sorted()
        }
        try await eventually("the outbox has let go of it") {
            try agent.command(["dump-state"]).output.contains("run/r1") == false
        }
        #expect(agent.plane.run("r1")?.ends.count == 1)
    }

    /// SIGTERM in the middle of a run: it is ended in order, its upload aborted, and the server knows.
    @Test func itIsStoppedInTheMiddle() async throws {
        let agent = try await AgentFixture()
        let lock = try agent.holdLock()
        let process = try await agent.start(["BACKUPY_SHUTDOWN_GRACE": "1"])
        try await agent.plane.order("r1", job: "job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        try await eventually("pg_dump waits") { try agent.waitsForLock() }
        process.send(SIGTERM)
        try await eventually("it has ended", within: .seconds(30)) { !process.isRunning }
        #expect(process.exitStatus == 0, "\(process.words.suffix(2000))")
        let failure = try #require(agent.plane.run("r1")?.failure)
        #expect(failure.error?.code == "run.stopping" && failure.error?.recovery == "retry")
        try await eventually("the upload is aborted") { agent.plane.run("r1")?.wasAborted == true }
        lock.stop()
    }

    /// Runs queue up while connections and agents come and go, so what counts is that they end one after another.
    private func everyRunHasEnded(_ agent: AgentFixture, _ process: TestProcess) async throws {
        while case let open = agent.plane.allRuns.filter({ $0.end == nil }), !open.isEmpty {
            do {
                try await eventually("one more run has ended", within: .seconds(60)) {
                    guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
                    return agent.plane.allRuns.count { $0.end == nil } < open.count
                }
            } catch {
                let names = agent.plane.allRuns.filter { $0.end == nil }.prefix(5).map {
                    "\($0.request.runID), acknowledged: \($0.isAcknowledged)"
                }
                throw TestFailure(
                    "\(open.count) runs go on for ever, such as \(names): \(error)\n\(process.words.suffix(3000))")
            }
        }
    }
}
