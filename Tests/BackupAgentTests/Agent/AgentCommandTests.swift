import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The agent's commands, beside an agent that runs.
@Suite(.serialized) struct AgentCommandTests {
    @Test func besideARunningAgent() async throws {
        let agent = try await AgentFixture()
        #expect(try agent.command(["health-check"]).status == 1, "there is no agent yet")
        let process = try await agent.start()
        let lock = try agent.holdLock()
        let key = [UInt8](repeating: 0x5A, count: 32)
        try await agent.plane.orderOld("r1", job: "job") { $0.key = SecretBytes(key) }
        try await eventually("the run goes on") { try agent.waitsForLock() }

        let health = try agent.command(["health-check"])
        #expect(health.status == 0 && health.output.contains("healthy"), "\(health)")
        let report = try agent.command(["health-check", "--json"])
        #expect(report.output.contains(#""alive" : true"#) && report.output.contains(#""session" : "connected""#))

        let state = try agent.command(["dump-state"])
        #expect(state.status == 0 && state.output.contains(#""run_id" : "r1""#), "\(state)")
        #expect(state.output.contains("env:APP_PASSWORD"), "where a password is may be shown")
        for secret in [Data(key).base64EncodedString(), "X-Amz-Signature", agent.plane.peer.script.key] {
            #expect(!state.output.contains(secret))
            #expect(!process.words.contains(secret))
        }
        let all = try agent.command(["dump-state", "--allow-secrets"])
        #expect(all.output.contains(Data(key).base64EncodedString()) && all.output.contains("X-Amz-Signature"))

        // A second agent does not share the state of the first.
        let second = try agent.command(["run"])
        #expect(second.status == 1 && second.errors.contains("error:"), "\(second)")
        let stranger = try agent.command(
            ["dump-state"], ["BACKUPY_AGENT_KEY": "bkpy_test_" + String(repeating: "Z", count: 32)])
        #expect(stranger.status == 1 && stranger.output.isEmpty, "\(stranger)")
        lock.stop()
    }

    @Test func everyWrongSettingIsToldAtOnce() throws {
        let outcome = try TestProcess.run(
            try TestTools.product("agent"), ["run"],
            environment: [
                "BACKUPY_SERVER_URL": "ftp://x", "BACKUPY_AGENT_KEY": "secret-in-the-wrong-form",
                "BACKUPY_LOG_LEVEL": "loud", "BACKUPY_ALLOW_HOOKS": "perhaps",
            ])
        #expect(outcome.status == 2)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("error: BACKUPY_") && $0.contains("for example") })
        #expect(!outcome.errors.contains("secret-in-the-wrong-form"))
    }

    @Test func version() throws {
        let agent = try TestTools.product("agent")
        #expect(try TestProcess.run(agent, ["version"]).output.hasPrefix("agent 0."))
        #expect(try TestProcess.run(agent, ["version", "--json"]).output.contains(#""version" : "0."#))
        let help = try TestProcess.run(agent, ["--help"])
        #expect(help.status == 0 && help.output.contains("BACKUPY_AGENT_KEY"))
        #expect(try TestProcess.run(agent, ["nonsense"]).status == 2)
        #expect(try TestProcess.run(agent, ["self-update", "9.9.9"]).status == 1)
    }
}
