package import FoundationEssentials

enum TargetSchema {
    static let engine = Schema.choice(["postgresql", "mysql", "mariadb", "mongodb", "redis", "sqlite"])
    static let strategy = Schema.choice(["tcp", "docker_exec", "unix_socket"])
    static let host = Schema.line(0...255)
    static let port = Schema.integer(0...65535)
    static let database = Schema.line(0...1000)
    static let username = Schema.line(0...255)
    static let reference = Schema.text(.secretReference, length: 0...1000)
    static let password = Schema.text(.opaque, length: 1...1000)
    static let container = Schema.line(0...255)
}

/// A database. Its password never comes back; ``hasPassword`` tells whether one is stored.
package struct TargetDocument: APIDocument {
    package let id: String
    package let agentID: String
    package let name: String
    package let engine: String
    package let host: String
    package let port: Int
    package let database: String
    package let username: String
    package let secretReference: String
    package let hasPassword: Bool
    package let containerID: String
    package let strategy: String
    package let createdAt: Date

    package init(
        id: String, agentID: String, name: String, engine: String, host: String, port: Int, database: String,
        username: String, secretReference: String, hasPassword: Bool, containerID: String, strategy: String,
        createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.name = name
        self.engine = engine
        self.host = host
        self.port = port
        self.database = database
        self.username = username
        self.secretReference = secretReference
        self.hasPassword = hasPassword
        self.containerID = containerID
        self.strategy = strategy
        self.createdAt = createdAt
    }

    package static let schema = Schema.named(
        "Target",
        [
            .required("id", .id), .required("agent_id", .id), .required("name", .line(1...100)),
            .required("engine", TargetSchema.engine), .required("host", TargetSchema.host),
            .required("port", TargetSchema.port), .required("database", TargetSchema.database),
            .required("username", TargetSchema.username), .required("secret_reference", TargetSchema.reference),
            .required("has_password", .flag), .required("container_id", TargetSchema.container),
            .required("strategy", TargetSchema.strategy), .required("created_at", .time),
        ])
}

package struct NewTarget: APIDocument {
    package let name: String
    package let engine: String
    package let host: String?
    package let port: Int?
    package let database: String?
    package let username: String?
    package let secretReference: String?
    package let password: String?
    package let containerID: String?
    package let strategy: String?

    package init(
        name: String, engine: String, host: String? = nil, port: Int? = nil, database: String? = nil,
        username: String? = nil, secretReference: String? = nil, password: String? = nil, containerID: String? = nil,
        strategy: String? = nil
    ) {
        self.name = name
        self.engine = engine
        self.host = host
        self.port = port
        self.database = database
        self.username = username
        self.secretReference = secretReference
        self.password = password
        self.containerID = containerID
        self.strategy = strategy
    }

    package static let schema = Schema.named(
        "NewTarget",
        [.required("name", .line(1...100)), .required("engine", TargetSchema.engine)] + TargetChange.options)
}

package struct TargetChange: APIDocument {
    package let name: String?
    package let host: String?
    package let port: Int?
    package let database: String?
    package let username: String?
    package let secretReference: String?
    package let password: String?
    package let containerID: String?
    package let strategy: String?

    package init(
        name: String? = nil, host: String? = nil, port: Int? = nil, database: String? = nil, username: String? = nil,
        secretReference: String? = nil, password: String? = nil, containerID: String? = nil, strategy: String? = nil
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.database = database
        self.username = username
        self.secretReference = secretReference
        self.password = password
        self.containerID = containerID
        self.strategy = strategy
    }

    static let options: [SchemaField] = [
        .optional("host", TargetSchema.host), .optional("port", TargetSchema.port, "0 for the engine's usual one."),
        .optional("database", TargetSchema.database, "Empty for the whole server; for SQLite the file's path."),
        .optional("username", TargetSchema.username),
        .optional("secret_reference", TargetSchema.reference, "Where the agent finds the password."),
        .optional("password", TargetSchema.password, "Kept sealed, and never shown."),
        .optional("container_id", TargetSchema.container), .optional("strategy", TargetSchema.strategy),
    ]

    package static let schema = Schema.named("TargetChange", [.optional("name", .line(1...100))] + options)
}

package struct ConnectionTestDocument: APIDocument {
    package let isReachable: Bool
    package let latencyMs: Int
    package let engineVersion: String
    package let error: FailureDocument?

    package init(isReachable: Bool, latencyMs: Int, engineVersion: String, error: FailureDocument?) {
        self.isReachable = isReachable
        self.latencyMs = latencyMs
        self.engineVersion = engineVersion
        self.error = error
    }

    package static let schema = Schema.named(
        "ConnectionTest",
        [
            .required("is_reachable", .flag), .required("latency_ms", .integer(0...Int64.max)),
            .required("engine_version", .lines(0...1000)), .optional("error", FailureDocument.schema),
        ])
}

/// Why something failed, as docs/errors.md has it.
package struct FailureDocument: APIDocument {
    package let code: String
    package let message: String
    package let hint: String

    package init(code: String, message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package static let schema = Schema.named(
        "Failure",
        [
            .required("code", .text(.opaque, length: 0...1000)),
            .required("message", .text(.opaque, length: 0...100_000)),
            .required("hint", .text(.opaque, length: 0...100_000)),
        ])
}
