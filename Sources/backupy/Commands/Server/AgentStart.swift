/// How a new agent is started: as a service of a docker-compose.yml, beside the databases. For a server of this machine, which containers
/// don't reach, as a command.
struct AgentStart {
    private let server: String
    private let key: String

    init(_ server: String, key: String) {
        self.server = server
        self.key = key
    }

    var lines: [String] { ["  \(key)", ""] + (server.hasPrefix("http://") ? command : service) }

    private var command: [String] {
        [
            "On this machine, in a shell:", "",
            "  export BACKUPY_SERVER_URL=\(server) BACKUPY_DEV_ALLOW_INSECURE=true",
            "  export BACKUPY_AGENT_KEY=\(key) BACKUPY_STATE_DIR=~/backupy-agent",
            "  agent run",
        ]
    }

    /// The socket is for discovery and for databases in containers; both are read over it, nothing is changed.
    private var service: [String] {
        [
            "In the docker-compose.yml beside your databases:", "",
            "services:",
            "  backupy-agent:",
            "    image: backupy/agent:1",
            "    restart: unless-stopped",
            "    environment:",
            "      BACKUPY_SERVER_URL: \(server)",
            "      BACKUPY_AGENT_KEY: \(key)",
            "    volumes:",
            "      - backupy-agent:/var/lib/backup-agent",
            "      - /var/run/docker.sock:/var/run/docker.sock:ro",
            "    # The socket's group on this host: stat -c %g /var/run/docker.sock",
            "    group_add: [\"${DOCKER_GID:-999}\"]",
            "volumes:",
            "  backupy-agent:",
        ]
    }
}
