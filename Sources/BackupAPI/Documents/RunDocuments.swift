package import FoundationEssentials

package struct RunDocument: APIDocument {
    package let id: String
    package let jobID: String
    package let agentID: String
    package let targetID: String
    package let storageID: String
    package let status: String
    package let trigger: String
    package let attempt: Int
    package let retryOf: String?
    package let isCancelRequested: Bool
    package let progressPercent: Int
    package let bytesDone: Int
    package let engine: String
    package let engineVersion: String
    package let compression: String
    package let isEncrypted: Bool
    package let objectKey: String
    package let sizeBytes: Int?
    package let dumpSizeBytes: Int?
    package let sha256: String?
    package let durationMs: Int?
    package let validated: String?
    package let error: FailureDocument?
    package let createdAt: Date
    package let startedAt: Date?
    package let finishedAt: Date?
    package let deleteMarkedAt: Date?
    package let deletedAt: Date?

    package init(
        id: String, jobID: String, agentID: String, targetID: String, storageID: String, status: String,
        trigger: String, attempt: Int, retryOf: String?, isCancelRequested: Bool, progressPercent: Int, bytesDone: Int,
        engine: String, engineVersion: String, compression: String, isEncrypted: Bool, objectKey: String,
        sizeBytes: Int?, dumpSizeBytes: Int?, sha256: String?, durationMs: Int?, validated: String?,
        error: FailureDocument?, createdAt: Date, startedAt: Date?, finishedAt: Date?, deleteMarkedAt: Date?,
        deletedAt: Date?
    ) {
        self.id = id
        self.jobID = jobID
        self.agentID = agentID
        self.targetID = targetID
        self.storageID = storageID
        self.status = status
        self.trigger = trigger
        self.attempt = attempt
        self.retryOf = retryOf
        self.isCancelRequested = isCancelRequested
        self.progressPercent = progressPercent
        self.bytesDone = bytesDone
        self.engine = engine
        self.engineVersion = engineVersion
        self.compression = compression
        self.isEncrypted = isEncrypted
        self.objectKey = objectKey
        self.sizeBytes = sizeBytes
        self.dumpSizeBytes = dumpSizeBytes
        self.sha256 = sha256
        self.durationMs = durationMs
        self.validated = validated
        self.error = error
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.deleteMarkedAt = deleteMarkedAt
        self.deletedAt = deletedAt
    }

    private static let count = Schema.integer(0...Int64.max)

    package static let statuses = [
        "pending", "dispatched", "running", "uploading", "validating", "success", "failed", "cancelled", "lost",
    ]

    package static let schema = Schema.named(
        "Run",
        [
            .required("id", .id), .required("job_id", .id), .required("agent_id", .id), .required("target_id", .id),
            .required("storage_id", .id), .required("status", .choice(statuses)),
            .required("trigger", .choice(["schedule", "manual", "retry"])), .required("attempt", .integer(1...1000)),
            .optional("retry_of", .id), .required("is_cancel_requested", .flag),
            .required("progress_percent", .integer(0...100)), .required("bytes_done", count),
            .required("engine", TargetSchema.engine), .required("engine_version", .text(.opaque, length: 0...1000)),
            .required("compression", .choice(["zstd", "gzip", "none"])), .required("is_encrypted", .flag),
            .required("object_key", .line(0...1024)), .optional("size_bytes", count),
            .optional("dump_size_bytes", count), .optional("sha256", .text(.hex, length: 0...64)),
            .optional("duration_ms", count),
            .optional("validated", .choice(["none", "stream", "first_frame", "full"])),
            .optional("error", FailureDocument.schema), .required("created_at", .time), .optional("started_at", .time),
            .optional("finished_at", .time), .optional("delete_marked_at", .time), .optional("deleted_at", .time),
        ])
}

package struct RunLogDocument: APIDocument {
    package let at: Date
    package let level: String
    package let message: String
    package let fields: [String: String]

    package init(at: Date, level: String, message: String, fields: [String: String]) {
        self.at = at
        self.level = level
        self.message = message
        self.fields = fields
    }

    package static let schema = Schema.named(
        "RunLogLine",
        [
            .required("at", .time), .required("level", .text(.opaque, length: 0...100)),
            .required("message", .text(.opaque, length: 0...100_000)),
            .required("fields", .map(.text(.opaque, length: 0...100_000), count: 0...100)),
        ])
}

package struct DownloadDocument: APIDocument {
    package let url: String
    package let expiresAt: Date

    package init(url: String, expiresAt: Date) {
        self.url = url
        self.expiresAt = expiresAt
    }

    package static let schema = Schema.named(
        "Download", [.required("url", .text(.webAddress, length: 1...8000)), .required("expires_at", .time)])
}

package struct DecryptionTokenDocument: APIDocument {
    package let token: String
    package let expiresAt: Date

    package init(token: String, expiresAt: Date) {
        self.token = token
        self.expiresAt = expiresAt
    }

    package static let schema = Schema.named(
        "DecryptionToken", [.required("token", .text(.token, length: 1...8000)), .required("expires_at", .time)])
}

package struct NewRestore: APIDocument {
    package let targetID: String
    package let database: String?
    package let overwrite: Bool?
    package let create: Bool?
    package let withoutOwners: Bool?
    package let withoutPrivileges: Bool?
    package let onlyDatabase: String?
    package let identityReference: String?
    package let confirm: String?

    package init(
        targetID: String, database: String? = nil, overwrite: Bool? = nil, create: Bool? = nil,
        withoutOwners: Bool? = nil, withoutPrivileges: Bool? = nil, onlyDatabase: String? = nil,
        identityReference: String? = nil, confirm: String? = nil
    ) {
        self.targetID = targetID
        self.database = database
        self.overwrite = overwrite
        self.create = create
        self.withoutOwners = withoutOwners
        self.withoutPrivileges = withoutPrivileges
        self.onlyDatabase = onlyDatabase
        self.identityReference = identityReference
        self.confirm = confirm
    }

    package static let schema = Schema.named(
        "NewRestore",
        [
            .required("target_id", .id),
            .optional("database", .line(1...255), "Another database of the target's server."),
            .optional("overwrite", .flag), .optional("create", .flag), .optional("without_owners", .flag),
            .optional("without_privileges", .flag),
            .optional("only_database", .line(1...255), "The only one to take from a whole server's backup."),
            .optional(
                "identity_reference", .text(.secretReference, length: 0...1000),
                "Where the agent's host keeps an age identity."),
            .optional("confirm", .line(1...255), "The target's name: refused, where it is another one's."),
        ])
}

package struct RestoreDocument: APIDocument {
    package let id: String
    package let runID: String
    package let agentID: String
    package let targetID: String
    package let status: String
    package let progressPercent: Int
    package let step: String
    package let bytesDone: Int
    package let targetState: String?
    package let error: FailureDocument?
    package let createdAt: Date
    package let startedAt: Date?
    package let finishedAt: Date?

    package init(
        id: String, runID: String, agentID: String, targetID: String, status: String, progressPercent: Int,
        step: String, bytesDone: Int, targetState: String?, error: FailureDocument?, createdAt: Date, startedAt: Date?,
        finishedAt: Date?
    ) {
        self.id = id
        self.runID = runID
        self.agentID = agentID
        self.targetID = targetID
        self.status = status
        self.progressPercent = progressPercent
        self.step = step
        self.bytesDone = bytesDone
        self.targetState = targetState
        self.error = error
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    package static let schema = Schema.named(
        "Restore",
        [
            .required("id", .id), .required("run_id", .id), .required("agent_id", .id), .required("target_id", .id),
            .required(
                "status", .choice(["pending", "dispatched", "running", "success", "failed", "cancelled", "lost"])),
            .required("progress_percent", .integer(0...100)), .required("step", .text(.opaque, length: 0...1000)),
            .required("bytes_done", .integer(0...Int64.max)),
            .optional("target_state", .text(.opaque, length: 0...1000)), .optional("error", FailureDocument.schema),
            .required("created_at", .time), .optional("started_at", .time), .optional("finished_at", .time),
        ])
}
