import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The load tool, against a scripted control plane.
@Suite struct LoadTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func arguments(port: Int, agents: Int) throws -> [String] {
        let lines = (0..<agents).map { "agent\($0) \(PeerScript.current.key)\n" }.joined()
        try lines.write(toFile: folder("agents"), atomically: true, encoding: .utf8)
        return [
            "--server", "https://localhost:\(port)", "--ca-file", try TestAuthority.shared.get().file,
            "--agents-file", folder("agents"), "--agents", "\(agents)", "--patience", "20", "--json",
        ]
    }

    private func load(_ arguments: [String]) throws -> TestProcess.Outcome {
        try TestProcess.run(TestTools.product("backupy-load"), arguments)
    }

    @Test func everyAgentRegistersAndSendsHeartbeats() async throws {
        var script = PeerScript.current
        script.heartbeatIntervalSeconds = 1
        let peer = try await ScriptedPeer(script)
        let own = ProcessInfo.processInfo.processIdentifier
        let outcome = try load(
            ["connect", "--seconds", "3", "--server-pid", "\(own)"] + arguments(port: peer.port, agents: 50))
        #expect(outcome.status == 0, "\(outcome)")
        let result = try outcome.json()
        #expect(result["connected"] as? Int == 50 && result["connect_failures"] as? Int == 0)
        #expect(peer.connections.count == 50 && peer.complaints.isEmpty)
        // One at once and two in three seconds, at the least.
        let beats = peer.messages.count(where: { if case .heartbeat = $0 { true } else { false } })
        #expect(beats >= 150, "\(beats)")
        #expect(try #require(result["rss_mib"] as? Double) > 1 && result["cores"] != nil)
    }

    @Test func everyAgentComesBackAfterARestart() async throws {
        let port = try FreePort.next()
        // First, or it would inherit the listening socket, and nobody could take its place.
        let process = try TestProcess(
            TestTools.product("backupy-load"), ["return"] + arguments(port: port, agents: 50), log: folder("log"))
        var peer = try await ScriptedPeer(.current, port: port)
        try await eventually("all are connected", within: .seconds(60)) { process.words.hasPrefix("ready") }
        #expect(peer.connections.count == 50)
        try await peer.stop()
        peer = try await ScriptedPeer(.current, port: port)
        try await eventually("all are back", within: .seconds(60)) { !process.isRunning }
        #expect(process.exitStatus == 0, "\(process.words)")
        #expect(process.words.contains("\"back\" : 50"), "\(process.words)")
        #expect(peer.connections.count == 50)
    }

    @Test func agentsThatNobodyKnowsTryAgain() async throws {
        var script = PeerScript.current
        script.key = "another"
        let peer = try await ScriptedPeer(script)
        let process = try TestProcess(
            TestTools.product("backupy-load"), ["return"] + arguments(port: peer.port, agents: 1), log: folder("log"))
        try await peer.waitFor("a second attempt") { $0.requests >= 2 }
        #expect(process.words.isEmpty && peer.connections.isEmpty)
    }
}
