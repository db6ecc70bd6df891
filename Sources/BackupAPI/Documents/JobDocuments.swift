package import FoundationEssentials

package struct RetentionDocument: APIDocument, Equatable {
    package let days: Int
    package let last: Int
    package let hourly: Int
    package let daily: Int
    package let weekly: Int
    package let monthly: Int
    package let yearly: Int

    package init(
        days: Int = 0, last: Int = 0, hourly: Int = 0, daily: Int = 0, weekly: Int = 0, monthly: Int = 0,
        yearly: Int = 0
    ) {
        self.days = days
        self.last = last
        self.hourly = hourly
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
        self.yearly = yearly
    }

    package static let schema = Schema.named(
        "Retention",
        ["days", "last", "hourly", "daily", "weekly", "monthly", "yearly"].map {
            .required($0, .integer(0...36_500))
        }, "A backup goes only when none of the rules wants it. All 0 keeps for ever.")
}

enum JobSchema {
    static let recipients = Schema.list(.text(.token, length: 1...2000), upTo: 32)
    static let hooks = Schema.list(.line(1...1000), upTo: 16)
    static let fields: [SchemaField] = [
        .optional("name", .line(1...100)), .optional("storage_id", .id), .optional("is_enabled", .flag),
        .optional("cron", .text(.cron, length: 0...200), "In UTC; empty: only by hand."),
        .optional("jitter_s", .integer(0...86_400)), .optional("compression", .choice(["zstd", "gzip", "none"])),
        .optional("encryption", .choice(["server", "recipients", "none"])), .optional("recipients", recipients),
        .optional("retention", RetentionDocument.schema), .optional("pre_hooks", hooks),
        .optional("post_hooks", hooks), .optional("max_attempts", .integer(1...10)),
        .optional("backoff_s", .list(.integer(0...86_400), upTo: 10)),
        .optional("timeout_s", .integer(60...604_800)),
        .optional("validation", .choice(["none", "stream", "first_frame", "full"])),
    ]
}

package struct JobDocument: APIDocument {
    package let id: String
    package let agentID: String
    package let targetID: String
    package let storageID: String
    package let name: String
    package let isEnabled: Bool
    package let cron: String
    package let jitterS: Int
    package let nextDueAt: Date?
    package let expectedBy: Date?
    package let isLate: Bool
    package let compression: String
    package let encryption: String
    package let recipients: [String]
    package let retention: RetentionDocument
    package let preHooks: [String]
    package let postHooks: [String]
    package let maxAttempts: Int
    package let backoffS: [Int]
    package let timeoutS: Int
    package let validation: String
    package let createdAt: Date

    package init(
        id: String, agentID: String, targetID: String, storageID: String, name: String, isEnabled: Bool, cron: String,
        jitterS: Int, nextDueAt: Date?, expectedBy: Date?, isLate: Bool, compression: String, encryption: String,
        recipients: [String], retention: RetentionDocument, preHooks: [String], postHooks: [String], maxAttempts: Int,
        backoffS: [Int], timeoutS: Int, validation: String, createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.targetID = targetID
        self.storageID = storageID
        self.name = name
        self.isEnabled = isEnabled
        self.cron = cron
        self.jitterS = jitterS
        self.nextDueAt = nextDueAt
        self.expectedBy = expectedBy
        self.isLate = isLate
        self.compression = compression
        self.encryption = encryption
        self.recipients = recipients
        self.retention = retention
        self.preHooks = preHooks
        self.postHooks = postHooks
        self.maxAttempts = maxAttempts
        self.backoffS = backoffS
        self.timeoutS = timeoutS
        self.validation = validation
        self.createdAt = createdAt
    }

    package static let schema = Schema.named(
        "Job",
        [
            .required("id", .id), .required("agent_id", .id), .required("target_id", .id),
            .required("is_late", .flag), .optional("next_due_at", .time), .optional("expected_by", .time),
            .required("created_at", .time),
        ] + JobSchema.fields.map { .required($0.name, $0.schema, $0.about) })
}

package struct NewJob: APIDocument {
    package let targetID: String
    package let name: String
    package let settings: JobSettings

    package init(targetID: String, name: String, settings: JobSettings = JobSettings()) {
        self.targetID = targetID
        self.name = name
        self.settings = settings
    }

    private enum CodingKeys: CodingKey {
        case targetID
        case name
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        targetID = try container.decode(String.self, forKey: .targetID)
        name = try container.decode(String.self, forKey: .name)
        settings = try JobSettings(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(targetID, forKey: .targetID)
        try container.encode(name, forKey: .name)
    }

    package static let schema = Schema.named(
        "NewJob",
        [.required("target_id", .id), .required("name", .line(1...100))]
            + JobSchema.fields.filter { $0.name != "name" })
}

/// `PATCH /jobs/{id}`, and what a new job may say beside its name and target.
package struct JobSettings: APIDocument {
    package var name: String?
    package var storageID: String?
    package var isEnabled: Bool?
    package var cron: String?
    package var jitterS: Int?
    package var compression: String?
    package var encryption: String?
    package var recipients: [String]?
    package var retention: RetentionDocument?
    package var preHooks: [String]?
    package var postHooks: [String]?
    package var maxAttempts: Int?
    package var backoffS: [Int]?
    package var timeoutS: Int?
    package var validation: String?

    package init() {}

    package static let schema = Schema.named("JobSettings", JobSchema.fields)
}
