package import FoundationEssentials

enum IncidentSchema {
    static let title = Schema.line(1...200)
    static let text = Schema.lines(0...2000)
    static let status = Schema.choice(["investigating", "identified", "monitoring", "resolved"])
    static let impact = Schema.choice(["none", "minor", "major", "critical"])
}

/// A trouble that people are told of.
package struct IncidentDocument: APIDocument {
    package struct Update: Codable, Sendable, Equatable {
        package let at: Date
        package let status: String
        package let text: String

        package init(at: Date, status: String, text: String) {
            self.at = at
            self.status = status
            self.text = text
        }
    }

    package let id: String
    package let title: String
    package let body: String
    package let status: String
    package let impact: String
    /// Oldest first.
    package let updates: [Update]
    package let startedAt: Date
    package let resolvedAt: Date?

    package init(
        id: String, title: String, body: String, status: String, impact: String, updates: [Update], startedAt: Date,
        resolvedAt: Date?
    ) {
        self.id = id
        self.title = title
        self.body = body
        self.status = status
        self.impact = impact
        self.updates = updates
        self.startedAt = startedAt
        self.resolvedAt = resolvedAt
    }

    package static let schema = Schema.named(
        "Incident",
        [
            .required("id", .id), .required("title", IncidentSchema.title), .required("body", IncidentSchema.text),
            .required("status", IncidentSchema.status), .required("impact", IncidentSchema.impact),
            .required(
                "updates",
                .list(
                    .named(
                        "IncidentUpdate",
                        [
                            .required("at", .time), .required("status", IncidentSchema.status),
                            .required("text", IncidentSchema.text),
                        ]), upTo: 1000)),
            .required("started_at", .time), .optional("resolved_at", .time),
        ])
}

package struct NewIncident: APIDocument {
    package let title: String
    package let body: String?
    package let impact: String?

    package static let schema = Schema.named(
        "NewIncident",
        [
            .required("title", IncidentSchema.title), .optional("body", IncidentSchema.text),
            .optional("impact", IncidentSchema.impact, "minor if not said."),
        ])
}

package struct IncidentChange: APIDocument {
    package let title: String?
    package let body: String?
    package let impact: String?
    package let status: String?
    package let text: String?

    package static let schema = Schema.named(
        "IncidentChange",
        [
            .optional("title", IncidentSchema.title), .optional("body", IncidentSchema.text),
            .optional("impact", IncidentSchema.impact), .optional("status", IncidentSchema.status),
            .optional("text", IncidentSchema.text, "Of an update; with it, or with a status, there is one."),
        ])
}
