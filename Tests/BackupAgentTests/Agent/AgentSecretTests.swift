import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// No secret is in anything that the agent writes, in whatever form: its log, its state, its metrics, what it tells the
/// control plane, and what it says when it crashes.
@Suite(.serialized) struct AgentSecretTests {
    private static let inline = "planted-inline-password"
    private static let key = [UInt8]("planted-data-key-of-32-bytes-abc".utf8)

    /// Each secret as text, in base64, in hex, and as it is written in URLs.
    private func forms(_ agent: AgentFixture) -> [String: [String]] {
        let signature = agent.plane.run("good")?.request.upload.url.revealed.components(separatedBy: "X-Amz-Signature=")
        let secrets = [
            "the agent's key": agent.plane.peer.script.key, "a password of the environment": PostgreSQLServer.password,
            "an inline password": Self.inline, "a data key": String(decoding: Self.key, as: UTF8.self),
            "a signature": signature?.last ?? "",
        ]
        return secrets.mapValues { secret in
            let bytes = Data(secret.utf8)
            return [
                secret, bytes.base64EncodedString(), bytes.map { String(format: "%02x", $0) }.joined(),
                bytes.prefix(16).map { String(format: "%02x", $0) }.joined(separator: " "),
                secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
            ]
        }
    }

    private func check(_ place: String, _ bytes: Data, _ agent: AgentFixture) {
        #expect(!bytes.isEmpty, "there is nothing in \(place)")
        for (name, forms) in forms(agent) {
            #expect(forms.allSatisfy { $0.count >= 12 }, "\(name) is too short to be looked for")
            for form in forms {
                #expect(bytes.range(of: Data(form.utf8)) == nil, "\(name) is in \(place), as '\(form.prefix(6))…'")
            }
        }
    }

    @Test func noSecretLeavesIt() async throws {
        let agent = try await AgentFixture()
        let key = Data(Self.key).base64EncodedString()
        agent.plane.peer.change { script in
            guard var bad = script.configuration?.targets.first else { return }
            bad.id = "bad"
            bad.password = .inline(Secret(Self.inline))
            script.configuration?.targets.append(bad)
            // Hooks that say what they must not, and one that is stopped while it does.
            script.configuration?.jobs = [
                Job(
                    id: "good", targetID: "target",
                    preHooks: ["echo \"password: \(PostgreSQLServer.password)\"; echo '\(Self.inline)' >&2"],
                    postHooks: ["echo token=\(script.key); exit 1"]),
                Job(id: "bad", targetID: "bad", postHooks: ["echo \"$BACKUPY_ERROR\"; echo Bearer \(key)"]),
            ]
        }
        let port = try FreePort.next()
        let process = try await agent.start([
            "BACKUPY_ALLOW_HOOKS": "true", "BACKUPY_METRICS_LISTEN_ADDR": "127.0.0.1:\(port)",
            "BACKUPY_LOG_LEVEL": "trace",
        ])
        for id in ["good", "bad"] {
            try await agent.plane.orderOld(id, job: id) { $0.key = SecretBytes(Self.key) }
            _ = try await agent.end(of: id, process)
        }
        // One that goes on, so that it is in the state, and in the memory of what crashes.
        let lock = try agent.holdLock()
        try await agent.plane.orderOld("last", job: "good") { $0.key = SecretBytes(Self.key) }
        try await eventually("pg_dump waits") { try agent.waitsForLock() }

        #expect(process.words.contains("password: ***"), "hooks were heard: \(process.words.suffix(3000))")
        check("the log", Data(process.words.utf8), agent)
        let metrics = try TestProcess.run("/usr/bin/curl", ["-sS", "http://127.0.0.1:\(port)/metrics"]).output
        #expect(metrics.contains("backupy_agent_runs_total"))
        check("the metrics", Data(metrics.utf8), agent)
        check("dump-state", Data(try agent.command(["dump-state"]).output.utf8), agent)
        for name in try FileManager.default.contentsOfDirectory(atPath: agent.state) where name.hasPrefix("state.db") {
            check(name, FileManager.default.contents(atPath: "\(agent.state)/\(name)") ?? Data(), agent)
        }
        // A BackupCompleted carries its run's key back, as the protocol has it.
        let told = agent.plane.peer.messages.filter { if case .backupCompleted = $0 { false } else { true } }
        check("what the control plane was told", Data("\(told)".utf8), agent)

        kill(process.id, SIGSEGV)
        try await eventually("it has told of its crash", within: .seconds(120)) {
            !process.isRunning || process.words.contains("Backtrace took")
        }
        #expect(process.words.contains("Program crashed"), "the backtrace is what is looked at")
        check("the crash's output", Data(process.words.utf8), agent)
        lock.stop()
    }
}
