/// A database to back up, or to restore into, and the way to it.
package struct Target: Sendable, Equatable {
    /// How the database's tools reach it.
    package enum Strategy: Sendable, Equatable {
        case tcp
        /// The tools of the database's own container, through the Docker API.
        case dockerExec
        case unixSocket
    }

    /// Begins a user's or a database's name that is in the environment of the target's container.
    package static let containerReference = "container-env:"

    package var id: String
    /// nil for a kind that this program doesn't know.
    package var engine: DatabaseEngine?
    package var displayName: String
    /// A host's name or address; for ``Strategy/unixSocket`` the socket's path or directory.
    package var host: String
    /// 0 for the engine's usual one.
    package var port: Int
    /// Empty for the whole server; `container-env:NAME` for what the container's variable says. For SQLite the file's path.
    package var database: String
    /// `container-env:NAME` for what the container's variable says.
    package var username: String
    /// The password, or where it is.
    package var password: SecretReference
    /// Its id or name; empty where the database is in no container.
    package var containerID: String
    package var strategy: Strategy

    package init(
        id: String, engine: DatabaseEngine?, displayName: String = "", host: String = "", port: Int = 0,
        database: String = "", username: String = "", password: SecretReference = .none, containerID: String = "",
        strategy: Strategy = .tcp
    ) {
        self.id = id
        self.engine = engine
        self.displayName = displayName
        self.host = host
        self.port = port
        self.database = database
        self.username = username
        self.password = password
        self.containerID = containerID
        self.strategy = strategy
    }
}

/// Where a secret is: a control plane that has none of them sends the place, and the agent looks there.
package enum SecretReference: Sendable, Hashable {
    case none
    /// The secret itself, as old control planes send it.
    case inline(Secret)
    /// A variable of the agent's own environment.
    case environment(name: String)
    /// A file on the agent's host, without its last line break.
    case file(path: String)
    /// A variable of the environment of the target's container, read through the Docker API.
    case containerEnvironment(name: String)

    package init(_ text: String) {
        if text.isEmpty {
            self = .none
        } else if text.hasPrefix("env:") {
            self = .environment(name: String(text.dropFirst("env:".count)))
        } else if text.hasPrefix("file:") {
            self = .file(path: String(text.dropFirst("file:".count)))
        } else if text.hasPrefix(Target.containerReference) {
            self = .containerEnvironment(name: String(text.dropFirst(Target.containerReference.count)))
        } else {
            self = .inline(Secret(text))
        }
    }

    /// As the wire has it; with the secret, where it is one.
    package var wireText: Secret {
        switch self {
        case .none: Secret("")
        case .inline(let secret): secret
        case .environment(let name): Secret("env:" + name)
        case .file(let path): Secret("file:" + path)
        case .containerEnvironment(let name): Secret(Target.containerReference + name)
        }
    }
}
