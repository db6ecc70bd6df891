@testable import BackupAgent
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Testing

@Suite struct AgentSettingsTests {
    private static let key = "bkpy_live_" + String(repeating: "aZ09", count: 8)
    private static let hexKey = String(repeating: "0af9", count: 16)
    private static let pin = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    private func settings(_ extra: [String: String] = [:]) throws -> AgentSettings {
        try AgentSettings(environment: ["BACKUPY_AGENT_KEY": Self.key].merging(extra) { $1 })
    }

    private func problems(_ extra: [String: String]) -> [String] {
        do {
            _ = try settings(extra)
            return []
        } catch AgentError.settings(let problems) {
            return problems.map(\.variable)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func onlyAKeyIsNeeded() throws {
        let settings = try settings()
        #expect(settings.serverURL == "https://api.backupy.ru" && settings.agentKey.revealed == Self.key)
        #expect(settings.stateDirectory == "/var/lib/backup-agent" && settings.logLevel == .info)
        #expect(settings.dockerSocket == "/var/run/docker.sock" && !settings.isDiscoveryDisabled)
        #expect(!settings.allowsInsecureServer && !settings.allowsHooks)
        #expect(settings.metricsAddress == ListenAddress(host: "127.0.0.1", port: 9090))
        #expect(settings.policyFile == nil && settings.serverCAFile == nil && settings.serverPins == [])
        #expect(settings.shutdownGrace == .seconds(30))
    }

    @Test func everyVariableHasItsSay() throws {
        let settings = try settings([
            "BACKUPY_SERVER_URL": "wss://backups.example.com/a/b/v1/agents/connect", "BACKUPY_STATE_DIR": "/state",
            "BACKUPY_LOG_LEVEL": "warn", "BACKUPY_DOCKER_SOCKET": "/run/docker.sock",
            "BACKUPY_DISABLE_DISCOVERY": "1", "BACKUPY_DEV_ALLOW_INSECURE": "true", "BACKUPY_ALLOW_HOOKS": "true",
            "BACKUPY_METRICS_LISTEN_ADDR": "[::1]:0", "BACKUPY_POLICY_FILE": "/p.json",
            "BACKUPY_SERVER_CA_FILE": "/ca.pem", "BACKUPY_SERVER_PINS": "\(Self.pin), \(Self.pin)",
            "BACKUPY_SHUTDOWN_GRACE": "90s",
        ])
        #expect(settings.serverURL == "wss://backups.example.com/a/b/v1/agents/connect")
        #expect(settings.stateDirectory == "/state" && settings.logLevel == .warning)
        #expect(settings.dockerSocket == "/run/docker.sock" && settings.isDiscoveryDisabled)
        #expect(settings.allowsInsecureServer && settings.allowsHooks)
        #expect(settings.metricsAddress == ListenAddress(host: "::1", port: 0))
        #expect(settings.policyFile == "/p.json" && settings.serverCAFile == "/ca.pem")
        #expect(settings.serverPins == [Self.pin, Self.pin] && settings.shutdownGrace == .seconds(90))
        #expect(try self.settings(["BACKUPY_METRICS_LISTEN_ADDR": ""]).metricsAddress == nil)
    }

    private static let right: [[String: String]] = [
        ["BACKUPY_AGENT_KEY": hexKey], ["BACKUPY_AGENT_KEY": " \(key)\n"],
        ["BACKUPY_AGENT_KEY": key.replacing("live", with: "test")],
        ["BACKUPY_SERVER_URL": ""], ["BACKUPY_SERVER_URL": "HTTPS://[::1]:8443"],
        ["BACKUPY_SERVER_URL": "http://localhost:8080", "BACKUPY_DEV_ALLOW_INSECURE": "1"],
        ["BACKUPY_SERVER_URL": "ws://localhost", "BACKUPY_DEV_ALLOW_INSECURE": "true"],
        ["BACKUPY_ALLOW_HOOKS": ""], ["BACKUPY_ALLOW_HOOKS": "0"], ["BACKUPY_SHUTDOWN_GRACE": "600"],
        ["BACKUPY_METRICS_LISTEN_ADDR": "localhost:65535"], ["BACKUPY_LOG_LEVEL": "trace"], ["UNRELATED": "x"],
    ]

    @Test(arguments: right) func isRight(_ environment: [String: String]) { #expect(problems(environment) == []) }

    private static let wrong: [(String, [String])] = [
        ("BACKUPY_AGENT_KEY", ["", "bkpy_live_short", "bkpy_prod_" + key.suffix(32), key + "x", hexKey.uppercased()]),
        ("BACKUPY_AGENT_KEY", [key.dropLast() + "-", key.dropLast() + "é", String(hexKey.dropLast())]),
        ("BACKUPY_AGENT_KEY", ["live_" + key.suffix(32), "BKPY_LIVE_" + key.suffix(32)]),
        ("BACKUPY_SERVER_URL", ["backups.example.com", "ftp://x", "https://", "https:///path", "http://x", "ws://x"]),
        ("BACKUPY_SERVER_URL", ["https://user:secret@x", "https://x/?a=b", "https://x/#f", "https://x y"]),
        ("BACKUPY_STATE_DIR", ["state", "./state", "~/state"]), ("BACKUPY_DOCKER_SOCKET", ["docker.sock", "tcp://x"]),
        ("BACKUPY_LOG_LEVEL", ["verbose", "INFO", "warning", "3"]),
        ("BACKUPY_DISABLE_DISCOVERY", ["yes", "TRUE", "2", " true"]), ("BACKUPY_ALLOW_HOOKS", ["on"]),
        ("BACKUPY_DEV_ALLOW_INSECURE", ["y"]),
        (
            "BACKUPY_METRICS_LISTEN_ADDR",
            ["9090", ":9090", "localhost", "localhost:65536", "::1:9090", "a b:1", "x:-1"]
        ),
        ("BACKUPY_POLICY_FILE", ["policy.json"]), ("BACKUPY_SERVER_CA_FILE", ["ca.pem"]),
        ("BACKUPY_SERVER_PINS", ["sha256/", "47DEQpj8HBSa", "sha1/" + pin.dropFirst(7), pin + ",x", "sha256/AAAA"]),
        ("BACKUPY_SHUTDOWN_GRACE", ["0", "601", "-1", "30m", "1.5", "s", "soon", "99999999999999999999"]),
    ]

    @Test(arguments: wrong) func isWrong(_ variable: String, _ values: [String]) {
        for value in values { #expect(problems([variable: value]) == [variable], "\(value)") }
    }

    @Test func theKeyComesFromAFileOrTheEnvironmentNeverFromBoth() throws {
        let folder = try TemporaryFolder()
        let file = folder("key")
        try "\(Self.key)\n".write(toFile: file, atomically: true, encoding: .utf8)
        let fromFile = try AgentSettings(environment: ["BACKUPY_AGENT_KEY_FILE": file])
        #expect(fromFile.agentKey.revealed == Self.key)
        #expect(problems(["BACKUPY_AGENT_KEY_FILE": file]) == ["BACKUPY_AGENT_KEY"])
        #expect(
            problems(["BACKUPY_AGENT_KEY": "", "BACKUPY_AGENT_KEY_FILE": folder("none")]) == ["BACKUPY_AGENT_KEY_FILE"])
        #expect(
            problems(["BACKUPY_AGENT_KEY": "", "BACKUPY_AGENT_KEY_FILE": folder.path]) == ["BACKUPY_AGENT_KEY_FILE"])
        try "nonsense".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(problems(["BACKUPY_AGENT_KEY": "", "BACKUPY_AGENT_KEY_FILE": file]) == ["BACKUPY_AGENT_KEY_FILE"])
    }

    @Test func everythingThatIsWrongIsSaidAtOnceAndNoValueIsRepeated() throws {
        let secret = "planted-s3cret"
        let names = [
            "BACKUPY_SERVER_URL", "BACKUPY_AGENT_KEY", "BACKUPY_STATE_DIR", "BACKUPY_LOG_LEVEL",
            "BACKUPY_DOCKER_SOCKET",
            "BACKUPY_DISABLE_DISCOVERY", "BACKUPY_DEV_ALLOW_INSECURE", "BACKUPY_METRICS_LISTEN_ADDR",
            "BACKUPY_ALLOW_HOOKS", "BACKUPY_POLICY_FILE", "BACKUPY_SERVER_CA_FILE", "BACKUPY_SERVER_PINS",
            "BACKUPY_SHUTDOWN_GRACE",
        ]
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, secret) })
        let error = #expect(throws: AgentError.self) { try AgentSettings(environment: environment) }
        guard case .settings(let problems) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(Set(problems.map(\.variable)) == Set(names) && problems.count == names.count)
        let block = problems.map(\.description).joined(separator: "\n")
        #expect(!block.contains(secret) && !"\(String(reflecting: error))".contains(secret))
        #expect(block == Self.golden)
    }

    private static let golden = """
        BACKUPY_DEV_ALLOW_INSECURE is not true, false, 1 or 0; right is, for example: BACKUPY_DEV_ALLOW_INSECURE=true
        BACKUPY_SERVER_URL is not an https:// or wss:// address; right is, for example: BACKUPY_SERVER_URL=https://backups.example.com
        BACKUPY_AGENT_KEY is not a key: bkpy_live_ or bkpy_test_ and 32 letters and digits, or 64 hex digits; right is, for example: BACKUPY_AGENT_KEY=bkpy_live_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
        BACKUPY_STATE_DIR is not an absolute path; right is, for example: BACKUPY_STATE_DIR=/var/lib/backup-agent
        BACKUPY_LOG_LEVEL is not one of trace, debug, info, warn, error; right is, for example: BACKUPY_LOG_LEVEL=info
        BACKUPY_DOCKER_SOCKET is not an absolute path; right is, for example: BACKUPY_DOCKER_SOCKET=/var/run/docker.sock
        BACKUPY_DISABLE_DISCOVERY is not true, false, 1 or 0; right is, for example: BACKUPY_DISABLE_DISCOVERY=true
        BACKUPY_METRICS_LISTEN_ADDR is not HOST:PORT; empty turns it off; right is, for example: BACKUPY_METRICS_LISTEN_ADDR=127.0.0.1:9090
        BACKUPY_ALLOW_HOOKS is not true, false, 1 or 0; right is, for example: BACKUPY_ALLOW_HOOKS=true
        BACKUPY_POLICY_FILE is not an absolute path; right is, for example: BACKUPY_POLICY_FILE=/etc/backup-agent/policy.json
        BACKUPY_SERVER_CA_FILE is not an absolute path; right is, for example: BACKUPY_SERVER_CA_FILE=/etc/backup-agent/ca.pem
        BACKUPY_SERVER_PINS is not a list of sha256/BASE64 with 32 bytes each; right is, for example: BACKUPY_SERVER_PINS=sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
        BACKUPY_SHUTDOWN_GRACE is not a number of seconds from 1 to 600; right is, for example: BACKUPY_SHUTDOWN_GRACE=30s
        """
}
