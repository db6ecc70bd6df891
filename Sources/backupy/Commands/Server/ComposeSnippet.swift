/// A service for a docker-compose.yml: an agent beside the databases.
struct ComposeSnippet {
    private let server: String
    private let key: String

    init(_ server: String, key: String) {
        self.server = server
        self.key = key
    }

    /// The socket is for discovery and for databases in containers; both are read over it, nothing is changed.
    var lines: [String] {
        [
            "  \(key)", "",
            "In the docker-compose.yml beside your databases:", "",
            "services:",
            "  backupy-agent:",
            "    image: backupy/agent:\(Backupy.version)",
            "    restart: unless-stopped",
            "    environment:",
            "      BACKUPY_SERVER_URL: \(server)",
            "      BACKUPY_AGENT_KEY: \(key)",
            "    volumes:",
            "      - backupy-agent:/var/lib/backup-agent",
            "      - /var/run/docker.sock:/var/run/docker.sock:ro",
            "volumes:",
            "  backupy-agent:",
        ]
    }
}
