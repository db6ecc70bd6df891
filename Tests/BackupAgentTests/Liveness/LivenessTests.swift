@testable import BackupAgent
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct LivenessTests {
    @Test func aLoopThatHasNotTurnedForItsLimitIsSeen() {
        let time = Mutex(ContinuousClock.now)
        let beats = Heartbeats(now: { time.withLock { $0 } })
        beats.expect("scheduler", every: .seconds(10))
        beats.expect("session", every: .seconds(60))
        beats.beat("nobody")
        time.withLock { $0 += .seconds(10) }
        #expect(beats.loopReports().map(\.isAlive) == [true, true])
        time.withLock { $0 += .seconds(1) }
        var report = LivenessReport(loops: beats.loopReports(), isStateReadable: true, session: "connected")
        #expect(report.loops.map(\.isAlive) == [false, true] && !report.isAlive)
        #expect(report.problem == "loop 'scheduler' has not turned for 11 s")
        beats.beat("scheduler")
        report = LivenessReport(loops: beats.loopReports(), isStateReadable: true, session: "disconnected")
        #expect(report.isAlive && report.problem == nil, "a server out of reach is no illness")
        #expect(LivenessReport(loops: [], isStateReadable: false, session: "").problem == "its state can't be read")
        beats.forget("scheduler")
        #expect(beats.loopReports().map(\.name) == ["session"])
    }

    @Test func aRunningAgentAnswers() async throws {
        let folder = try TemporaryFolder()
        let beats = Heartbeats()
        beats.expect("scheduler", every: .seconds(60))
        let server = try await LivenessServer(directory: folder.path) {
            LivenessReport(loops: beats.loopReports(), isStateReadable: true, session: "connected")
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder("health.sock"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let report = try await LivenessClient.ask(directory: folder.path)
        #expect(report.isAlive && report.session == "connected" && report.loops.map(\.name) == ["scheduler"])
        // Many at once, and the JSON that people read.
        let reports = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { try await LivenessClient.ask(directory: folder.path, within: .seconds(20)).isAlive }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports == Array(repeating: true, count: 50))
        let text = try TestProcess.run(
            "/usr/bin/curl", ["--silent", "--http0.9", "--unix-socket", folder("health.sock"), "http://x/"]
        ).output
        for part in [
            #""alive":true"#, #""age_ms":"#, #""limit_ms":60000"#, #""state_readable":true"#, #""session":"connected""#,
        ] {
            #expect(text.contains(part), "\(text)")
        }
        await server.close()
        #expect(folder.files() == [])
        let error = await #expect(throws: AgentError.self) { try await LivenessClient.ask(directory: folder.path) }
        #expect(error == .notRunning(folder("health.sock"), reason: "No such file or directory"))
    }

    @Test func oneThatIsStuckOrDeadIsFoundInASecond() async throws {
        let folder = try TemporaryFolder()
        let server = try await LivenessServer(directory: folder.path) {
            // Waits until its connection's end is cancelled with the test.
            try? await Task.sleep(for: .seconds(4))
            return LivenessReport(loops: [], isStateReadable: true, session: "")
        }
        let start = ContinuousClock.now
        await #expect(throws: AgentError.noAnswer(folder("health.sock"))) {
            try await LivenessClient.ask(directory: folder.path)
        }
        #expect(ContinuousClock.now - start < .seconds(3))
        await server.close()
        // A killed agent leaves its socket; the next one takes its place.
        let script = "import socket; socket.socket(socket.AF_UNIX).bind('\(folder("health.sock"))')"
        #expect(try TestProcess.run("/usr/bin/python3", ["-c", script]).status == 0)
        let error = await #expect(throws: AgentError.self) { try await LivenessClient.ask(directory: folder.path) }
        #expect(error == .notRunning(folder("health.sock"), reason: "Connection refused"))
        let next = try await LivenessServer(directory: folder.path) {
            LivenessReport(loops: [], isStateReadable: true, session: "connecting")
        }
        #expect(try await LivenessClient.ask(directory: folder.path).session == "connecting")
        await next.close()
    }

    @Test func pathsThatAreTooLongAndFilesThatAreNoSockets() async throws {
        let folder = try TemporaryFolder()
        let long = folder(String(repeating: "x", count: 100))
        let report: @Sendable () async -> LivenessReport = {
            LivenessReport(loops: [], isStateReadable: true, session: "")
        }
        await #expect(throws: AgentError.socketPathTooLong(long + "/health.sock")) {
            try await LivenessServer(directory: long, report: report)
        }
        await #expect(throws: AgentError.socketPathTooLong(long + "/health.sock")) {
            try await LivenessClient.ask(directory: long)
        }
        try "mine".write(toFile: folder("health.sock"), atomically: true, encoding: .utf8)
        let error = await #expect(throws: AgentError.self) {
            try await LivenessServer(directory: folder.path, report: report)
        }
        #expect(error?.code == "agent.cannot_listen" && folder.files() == ["health.sock"])
    }
}
