internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

extension TargetRecord {
    init(row: SQLRow) throws {
        self.init(
            id: ID(try row.text("id")), agentID: .init(try row.text("agent_id")), name: try row.text("name"),
            engine: try row.word("engine"), host: try row.text("host"), port: try row.int("port"),
            database: try row.text("database_name"), username: try row.text("username"),
            secretReference: try row.text("secret_reference"), sealedPassword: try row.optionalBytes("sealed_password"),
            containerID: try row.text("container_id"), strategy: try Target.Strategy(row: row, "strategy"),
            createdAt: try row.date("created_at"))
    }
}

extension Target.Strategy {
    /// As it is stored.
    var word: String {
        switch self {
        case .tcp: "tcp"
        case .dockerExec: "docker_exec"
        case .unixSocket: "unix_socket"
        }
    }

    init(row: SQLRow, _ column: String) throws {
        switch try row.text(column) {
        case Self.tcp.word: self = .tcp
        case Self.dockerExec.word: self = .dockerExec
        case Self.unixSocket.word: self = .unixSocket
        default: throw ControlStoreError.badValue(column: column)
        }
    }
}

extension JobRecord {
    init(row: SQLRow) throws {
        self.init(
            id: ID(try row.text("id")), agentID: .init(try row.text("agent_id")),
            targetID: .init(try row.text("target_id")),
            storageID: .init(try row.text("storage_id")), name: try row.text("name"),
            isEnabled: try row.flag("enabled"),
            cron: try row.text("cron"), jitter: try row.seconds("jitter_s"),
            nextDueAt: try row.optionalDate("next_due_at"),
            expectedBy: try row.optionalDate("expected_by"), lateAlertedAt: try row.optionalDate("late_alerted_at"),
            compression: try row.word("compression"), encryption: try row.word("encryption"),
            recipients: try row.lines("recipients"), retention: try row.json("retention"),
            preHooks: try row.json("pre_hooks"), postHooks: try row.json("post_hooks"),
            retry: Job.Retry(maxAttempts: try row.int("max_attempts"), backoffSeconds: try row.json("backoff_s")),
            timeout: try row.seconds("timeout_s"), grace: try row.seconds("grace_s"),
            validation: try row.word("validation"),
            createdAt: try row.date("created_at"))
    }
}

extension StorageProfile {
    private struct Directory: Codable {
        let directory: String
    }

    init(row: SQLRow) throws {
        let place: Place =
            switch try row.text("kind") {
            case "s3": .s3(try row.json("settings"))
            case "embedded": .embedded(directory: try row.json("settings", as: Directory.self).directory)
            default: throw ControlStoreError.badValue(column: "kind")
            }
        self.init(
            id: ID(try row.text("id")), name: try row.text("name"), place: place,
            sealedSecret: try row.optionalBytes("sealed_secret"), isDefault: try row.flag("is_default"),
            createdAt: try row.date("created_at"))
    }

    var kindAndSettings: (kind: String, settings: String) {
        get throws {
            switch place {
            case .s3(let settings): ("s3", try JSONText.of(settings))
            case .embedded(let directory): ("embedded", try JSONText.of(Directory(directory: directory)))
            }
        }
    }
}

extension HealthCheckRecord {
    init(row: SQLRow) throws {
        self.init(
            id: ID(try row.text("id")), agentID: .init(try row.text("agent_id")), name: try row.text("name"),
            kind: try HealthCheck.Kind(row: row, "kind"), target: try row.text("target"),
            interval: try row.seconds("interval_s"), timeout: try row.seconds("timeout_s"),
            expectedStatus: try row.optionalInteger("expected_status").map { Int(clamping: $0) },
            expectedText: try row.text("expected_text"), isEnabled: try row.flag("enabled"),
            isPublic: try row.flag("is_public"), state: try row.word("state"),
            stateSince: try row.optionalDate("state_since"), failures: try row.int("failures"),
            lastResultAt: try row.optionalDate("last_result_at"), createdAt: try row.date("created_at"))
    }
}

extension HealthCheck.Kind {
    /// As it is stored.
    var word: String {
        switch self {
        case .http: "http"
        case .https: "https"
        case .tcp: "tcp"
        }
    }

    init(row: SQLRow, _ column: String) throws {
        switch try row.text(column) {
        case Self.http.word: self = .http
        case Self.https.word: self = .https
        case Self.tcp.word: self = .tcp
        default: throw ControlStoreError.badValue(column: column)
        }
    }
}
