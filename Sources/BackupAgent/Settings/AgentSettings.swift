package import BackupCore
package import Logging

/// What the agent's host tells it: its environment. Everything else comes from the control plane.
package struct AgentSettings: Sendable {
    /// As it was written; checked for its scheme only.
    package let serverURL: String
    package let agentKey: Secret
    package let stateDirectory: String
    package let logLevel: Logger.Level
    package let dockerSocket: String
    package let isDiscoveryDisabled: Bool
    /// Plain http to the server, for development.
    package let allowsInsecureServer: Bool
    /// nil: off.
    package let metricsAddress: ListenAddress?
    package let allowsHooks: Bool
    package let policyFile: String?
    package let serverCAFile: String?
    /// `sha256/BASE64`, any one of which must match; empty for none.
    package let serverPins: [String]
    /// How long uploads in flight may go on after SIGTERM.
    package let shutdownGrace: Duration

    /// - Throws: ``AgentError/settings(_:)`` with everything that is wrong, not only the first.
    package init(environment: [String: String]) throws(AgentError) {
        var reader = SettingsReader(environment)
        allowsInsecureServer = reader.flag("BACKUPY_DEV_ALLOW_INSECURE")
        serverURL = reader.serverURL(allowsInsecure: allowsInsecureServer)
        agentKey = reader.agentKey()
        stateDirectory = reader.path(
            "BACKUPY_STATE_DIR", default: "/var/lib/backup-agent", example: "/var/lib/backup-agent")
        logLevel = reader.logLevel("BACKUPY_LOG_LEVEL")
        dockerSocket = reader.path(
            "BACKUPY_DOCKER_SOCKET", default: "/var/run/docker.sock", example: "/var/run/docker.sock")
        isDiscoveryDisabled = reader.flag("BACKUPY_DISABLE_DISCOVERY")
        metricsAddress = reader.listenAddress(
            "BACKUPY_METRICS_LISTEN_ADDR", default: ListenAddress(host: "127.0.0.1", port: 9090))
        allowsHooks = reader.flag("BACKUPY_ALLOW_HOOKS")
        policyFile = reader.optionalPath("BACKUPY_POLICY_FILE", example: "/etc/backup-agent/policy.json")
        serverCAFile = reader.optionalPath("BACKUPY_SERVER_CA_FILE", example: "/etc/backup-agent/ca.pem")
        serverPins = reader.pins("BACKUPY_SERVER_PINS")
        shutdownGrace = reader.seconds("BACKUPY_SHUTDOWN_GRACE", default: 30, in: 1...600)
        guard reader.problems.isEmpty else { throw .settings(reader.problems) }
    }

    /// Where the state is and nothing else, for the commands that ask a running agent.
    /// - Throws: ``AgentError/settings(_:)``.
    package static func stateDirectory(environment: [String: String]) throws(AgentError) -> String {
        var reader = SettingsReader(environment)
        let path = reader.path(
            "BACKUPY_STATE_DIR", default: "/var/lib/backup-agent", example: "/var/lib/backup-agent")
        guard reader.problems.isEmpty else { throw .settings(reader.problems) }
        return path
    }
}
