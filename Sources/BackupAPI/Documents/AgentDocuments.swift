package import FoundationEssentials

package struct AgentDocument: APIDocument {
    package let id: String
    package let name: String
    package let isConnected: Bool
    package let connectedAt: Date?
    package let lastSeenAt: Date?
    package let version: String
    package let hostname: String
    package let os: String
    package let arch: String
    package let dockerVersion: String
    package let capabilities: [String]
    package let configVersion: Int
    package let appliedVersion: Int
    package let createdAt: Date

    package init(
        id: String, name: String, isConnected: Bool, connectedAt: Date?, lastSeenAt: Date?, version: String,
        hostname: String, os: String, arch: String, dockerVersion: String, capabilities: [String], configVersion: Int,
        appliedVersion: Int, createdAt: Date
    ) {
        self.id = id
        self.name = name
        self.isConnected = isConnected
        self.connectedAt = connectedAt
        self.lastSeenAt = lastSeenAt
        self.version = version
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.dockerVersion = dockerVersion
        self.capabilities = capabilities
        self.configVersion = configVersion
        self.appliedVersion = appliedVersion
        self.createdAt = createdAt
    }

    static let fields: [SchemaField] = [
        .required("id", .id), .required("name", .line(1...100)), .required("is_connected", .flag),
        .optional("connected_at", .time), .optional("last_seen_at", .time), .required("version", .lines(0...1000)),
        .required("hostname", .lines(0...1000)), .required("os", .lines(0...1000)), .required("arch", .lines(0...1000)),
        .required("docker_version", .lines(0...1000)), .required("capabilities", .list(.lines(0...1000), upTo: 1000)),
        .required("config_version", .integer(0...Int64.max), "Rises with each change of what the agent shall do."),
        .required("applied_version", .integer(0...Int64.max), "What it last said that it has."),
        .required("created_at", .time),
    ]

    package static let schema = Schema.named("Agent", fields)
}

package struct NewAgent: APIDocument {
    package let name: String

    package init(name: String) { self.name = name }

    package static let schema = Schema.named("NewAgent", [.required("name", .line(1...100))])
}

package struct AgentChange: APIDocument {
    package let name: String?

    package init(name: String? = nil) { self.name = name }

    package static let schema = Schema.named("AgentChange", [.optional("name", .line(1...100))])
}

/// An agent's key, which is shown this once.
package struct AgentKeyDocument: APIDocument {
    package let agent: AgentDocument
    package let key: String

    package init(agent: AgentDocument, key: String) {
        self.agent = agent
        self.key = key
    }

    package static let schema = Schema.named(
        "AgentKey", [.required("agent", AgentDocument.schema), .required("key", .text(.token, length: 1...200))])
}

/// An agent's own settings.
package struct AgentConfigDocument: APIDocument {
    package let maxParallelJobs: Int
    package let logLevel: String
    package let maintenanceStart: String?
    package let maintenanceEnd: String?
    package let isAutoUpdateEnabled: Bool
    package let configVersion: Int

    package init(
        maxParallelJobs: Int, logLevel: String, maintenanceStart: String?, maintenanceEnd: String?,
        isAutoUpdateEnabled: Bool, configVersion: Int
    ) {
        self.maxParallelJobs = maxParallelJobs
        self.logLevel = logLevel
        self.maintenanceStart = maintenanceStart
        self.maintenanceEnd = maintenanceEnd
        self.isAutoUpdateEnabled = isAutoUpdateEnabled
        self.configVersion = configVersion
    }

    static let logLevel = Schema.choice(["", "trace", "debug", "info", "warn", "error"])
    static let clockTime = Schema.text(.clockTime, length: 5...5)

    package static let schema = Schema.named(
        "AgentConfig",
        [
            .required("max_parallel_jobs", .integer(1...64)), .required("log_level", logLevel),
            .optional("maintenance_start", clockTime), .optional("maintenance_end", clockTime),
            .required("is_auto_update_enabled", .flag), .required("config_version", .integer(0...Int64.max)),
        ])
}

package struct AgentConfigChange: APIDocument {
    package struct Window: Codable, Sendable {
        package let start: String
        package let end: String

        package init(start: String, end: String) {
            self.start = start
            self.end = end
        }
    }

    package let maxParallelJobs: Int?
    package let logLevel: String?
    package let maintenance: Window?
    /// Takes the window away.
    package let hasNoMaintenance: Bool?
    package let isAutoUpdateEnabled: Bool?

    package init(
        maxParallelJobs: Int? = nil, logLevel: String? = nil, maintenance: Window? = nil,
        hasNoMaintenance: Bool? = nil, isAutoUpdateEnabled: Bool? = nil
    ) {
        self.maxParallelJobs = maxParallelJobs
        self.logLevel = logLevel
        self.maintenance = maintenance
        self.hasNoMaintenance = hasNoMaintenance
        self.isAutoUpdateEnabled = isAutoUpdateEnabled
    }

    package static let schema = Schema.named(
        "AgentConfigChange",
        [
            .optional("max_parallel_jobs", .integer(1...64)), .optional("log_level", AgentConfigDocument.logLevel),
            .optional(
                "maintenance",
                .named(
                    "MaintenanceWindow",
                    [
                        .required("start", AgentConfigDocument.clockTime),
                        .required("end", AgentConfigDocument.clockTime),
                    ], "In UTC; backups are paused in it. Two times that are the same are no window."),
                "When backups are paused."),
            .optional("has_no_maintenance", .flag, "True takes the window away."),
            .optional("is_auto_update_enabled", .flag),
        ])
}

/// What an agent told, as it told it.
package struct AgentReportDocument: APIDocument {
    /// Null before it told anything.
    package let report: JSONValue

    package init(report: JSONValue) { self.report = report }

    package static let schema = Schema.named("AgentReport", [.required("report", .anything)])
}
