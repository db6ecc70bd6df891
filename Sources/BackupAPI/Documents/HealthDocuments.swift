package import FoundationEssentials

enum HealthSchema {
    static let name = Schema.line(1...100)
    /// Looks, and when they are what they should be. All but the target.
    static let fields: [SchemaField] = [
        .optional("interval_s", .integer(10...900)),
        .optional("timeout_s", .integer(1...900), "Not more than the interval."),
        .optional("is_enabled", .flag), .optional("is_public", .flag, "Whether the status page may show it."),
    ]
    static let answer: [SchemaField] = [
        .optional("expected_status", .integer(0...599), "0: any of 200 to 399."),
        .optional("expected_text", .line(0...1000), "What the body must contain."),
    ]
}

/// Something that an agent looks at again and again.
package struct HealthCheckDocument: APIDocument {
    package let id: String
    package let agentID: String
    package let name: String
    package let kind: String
    package let target: String
    package let intervalS: Int
    package let timeoutS: Int
    /// Of HTTP only, and so is the text.
    package let expectedStatus: Int?
    package let expectedText: String?
    package let isEnabled: Bool
    package let isPublic: Bool
    package let state: String
    package let stateSince: Date?
    package let lastResultAt: Date?
    package let createdAt: Date

    package init(
        id: String, agentID: String, name: String, kind: String, target: String, intervalS: Int, timeoutS: Int,
        expectedStatus: Int?, expectedText: String?, isEnabled: Bool, isPublic: Bool, state: String, stateSince: Date?,
        lastResultAt: Date?, createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.name = name
        self.kind = kind
        self.target = target
        self.intervalS = intervalS
        self.timeoutS = timeoutS
        self.expectedStatus = expectedStatus
        self.expectedText = expectedText
        self.isEnabled = isEnabled
        self.isPublic = isPublic
        self.state = state
        self.stateSince = stateSince
        self.lastResultAt = lastResultAt
        self.createdAt = createdAt
    }

    package static let schema = Schema.named(
        "HealthCheck",
        [
            .required("id", .id), .required("agent_id", .id), .required("name", HealthSchema.name),
            .required("kind", .choice(["http", "https", "tcp"])), .required("target", .line(1...2000)),
            .required("state", .choice(["up", "down", "unknown"])), .optional("state_since", .time),
            .optional("last_result_at", .time), .required("created_at", .time),
        ] + HealthSchema.fields.map { .required($0.name, $0.schema, $0.about) } + HealthSchema.answer)
}

package struct NewHealthCheck: APIDocument {
    package let agentID: String
    package let name: String
    package let kind: String
    package let target: String
    package let intervalS: Int?
    package let timeoutS: Int?
    package let expectedStatus: Int?
    package let expectedText: String?
    package let isEnabled: Bool?
    package let isPublic: Bool?

    package static let schema = Schema.variants([
        variant("NewHTTPCheck", "http", .text(.httpAddress, length: 8...2000), HealthSchema.answer),
        variant("NewHTTPSCheck", "https", .text(.httpsAddress, length: 9...2000), HealthSchema.answer),
        variant("NewTCPCheck", "tcp", .text(.hostPort, length: 3...300), []),
    ])

    private static func variant(
        _ name: String, _ kind: String, _ target: Schema, _ more: [SchemaField]
    ) -> ObjectSchema {
        ObjectSchema(
            name: name,
            fields: [
                .required("agent_id", .id), .required("name", HealthSchema.name), .required("kind", .choice([kind])),
                .required("target", target),
            ] + HealthSchema.fields + more)
    }
}

/// What a check is stays: its agent and its kind.
package struct HealthCheckChange: APIDocument {
    package let name: String?
    package let target: String?
    package let intervalS: Int?
    package let timeoutS: Int?
    package let expectedStatus: Int?
    package let expectedText: String?
    package let isEnabled: Bool?
    package let isPublic: Bool?

    /// What a new one says beside its agent, kind and target.
    package init(_ new: NewHealthCheck) {
        name = nil
        target = nil
        intervalS = new.intervalS
        timeoutS = new.timeoutS
        expectedStatus = new.expectedStatus
        expectedText = new.expectedText
        isEnabled = new.isEnabled
        isPublic = new.isPublic
    }

    package static let schema = Schema.named(
        "HealthCheckChange",
        [.optional("name", HealthSchema.name), .optional("target", .line(1...2000))] + HealthSchema.fields
            + HealthSchema.answer)
}

/// What was found at one look.
package struct HealthResultDocument: APIDocument {
    package let at: Date
    package let isUp: Bool
    package let latencyMs: Int
    /// Without one, nobody answered, or it was a port.
    package let statusCode: Int?
    package let error: String

    package init(at: Date, isUp: Bool, latencyMs: Int, statusCode: Int?, error: String) {
        self.at = at
        self.isUp = isUp
        self.latencyMs = latencyMs
        self.statusCode = statusCode
        self.error = error
    }

    package static let schema = Schema.named(
        "HealthResult",
        [
            .required("at", .time), .required("is_up", .flag), .required("latency_ms", .integer(0...Int64.max)),
            .optional("status_code", .integer(0...Int64.max)),
            .required("error", .text(.opaque, length: 0...100_000)),
        ])
}
