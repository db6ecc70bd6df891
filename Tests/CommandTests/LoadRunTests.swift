import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Synchronization
import Testing

/// The load tool's runs, against a scripted control plane that has an API and a store.
@Suite struct LoadRunTests {
    let folder: TemporaryFolder
    let peer: ScriptedPeer
    let counts = Counts()

    final class Counts: Sendable {
        struct Values: Sendable {
            var agents = 0
            var jobs = 0
            var runs = 0
            var puts = 0
            var refused = 0
        }
        let values = Mutex(Values())
    }

    init() async throws {
        folder = try TemporaryFolder()
        let script = PeerScript.current
        let counts = counts
        let peer = try await ScriptedPeer(script)
        self.peer = peer
        let (port, key) = (peer.port, script.key)
        peer.change { script in
            script.api = { [weak peer] request in
                Self.answer(request, key: key, counts) { job, run in
                    guard let peer else { return }
                    // Each job belongs to another agent, and so to another connection.
                    let connection = peer.connections[job % peer.connections.count]
                    connection.send(.runBackup(Self.order(job, run, port)), correlationID: "run/\(run)")
                }
            }
            script.onMessage = { envelope, connection in
                guard case .completeUpload(let upload) = envelope.message else { return false }
                connection.send(
                    .uploadResult(UploadResult(runID: upload.runID, isOK: true, sizeBytes: upload.sizeBytes)),
                    correlationID: envelope.correlationID)
                return true
            }
        }
    }

    private static func order(_ job: Int, _ run: Int, _ port: Int) -> RunBackup {
        var order = RunBackup()
        order.jobID = "job\(job)"
        order.runID = "run\(run)"
        order.multipart = MultipartPlan()
        let url = Secret("https://localhost:\(port)/store/\(run)")
        order.multipart?.parts = [PartURL(number: 1, url: url, expiresAtMilliseconds: 0)]
        return order
    }

    private static func answer(
        _ request: ScriptedAPI.Request, key: String, _ counts: Counts, order: (Int, Int) -> Void
    ) -> ScriptedAPI.Response {
        counts.values.withLock { values in
            switch (request.method, request.path.split(separator: "/").map(String.init)) {
            case ("PUT", _):
                values.puts += 1
                return .init(200, "", headers: ["ETag": "\"e\""])
            case ("POST", let path) where path.last == "agents" && values.refused < 1:
                values.refused += 1
                return .init(429, "{}", headers: ["Retry-After": "1"])
            case ("POST", let path) where path.last == "agents":
                values.agents += 1
                return .init(201, #"{"agent":{"id":"agent\#(values.agents)"},"key":"\#(key)"}"#)
            case ("POST", let path) where path.last == "targets": return .init(201, #"{"id":"t"}"#)
            case ("POST", let path) where path.last == "jobs":
                values.jobs += 1
                return .init(201, #"{"id":"job\#(values.jobs)"}"#)
            case ("POST", let path) where path.last == "run":
                values.runs += 1
                order(Int(path[path.count - 2].dropFirst(3)) ?? 0, values.runs)
                return .init(202, #"{"id":"run\#(values.runs)"}"#)
            default: return .init(404, "{}")
            }
        }
    }

    private func load(_ command: [String]) throws -> [String: Any] {
        let outcome = try TestProcess.run(
            TestTools.product("backupy-load"),
            command + [
                "--server", "https://localhost:\(peer.port)", "--ca-file", try TestAuthority.shared.get().file,
                "--agents-file", folder("agents"), "--agents", "20", "--patience", "20", "--json",
            ], environment: ["BACKUPY_TOKEN": "t"])
        guard outcome.status == 0 else { throw TestFailure("\(outcome)") }
        return try outcome.json()
    }

    @Test func ordersAreTimedFromTheCallToTheirArrival() throws {
        let result = try load(["run", "--runs", "15"])
        #expect(result["arrived"] as? Int == 15 && result["completed"] as? Int == 15, "\(result)")
        #expect(try #require(result["run_p99_ms"] as? Double) > 0)
        let values = counts.values.withLock { $0 }
        #expect(values.agents == 20 && values.jobs == 15 && values.puts == 15 && values.refused == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: folder("agents"))[.posixPermissions] as? Int
        #expect(mode == 0o600, "its keys are in it")
    }

    @Test func allRunsOfAllRoundsAreCompleted() throws {
        let result = try load(["complete", "--runs", "15", "--rounds", "3"])
        #expect(result["completed"] as? Int == 45, "\(result)")
        #expect(try #require(result["completed_per_s"] as? Double) > 0)
        let acknowledged = peer.messages.count(where: { if case .backupCompleted = $0 { true } else { false } })
        #expect(acknowledged == 45 && counts.values.withLock { $0.puts } == 45)
        // The file is good for the next measurement.
        _ = try load(["agents", "--jobs", "18"])
        #expect(counts.values.withLock { $0.agents } == 20 && counts.values.withLock { $0.jobs } == 18)
    }
}
