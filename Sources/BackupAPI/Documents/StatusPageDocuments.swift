package import FoundationEssentials

/// The public page, as its owner sets it.
package struct StatusPageDocument: APIDocument {
    package let isEnabled: Bool
    package let slug: String
    package let title: String
    package let checkIDs: [String]
    package let targetIDs: [String]
    /// Where everybody sees it.
    package let url: String

    package init(
        isEnabled: Bool, slug: String, title: String, checkIDs: [String], targetIDs: [String], url: String
    ) {
        self.isEnabled = isEnabled
        self.slug = slug
        self.title = title
        self.checkIDs = checkIDs
        self.targetIDs = targetIDs
        self.url = url
    }

    private enum CodingKeys: String, CodingKey {
        case isEnabled
        case slug
        case title
        case checkIDs = "checkIds"
        case targetIDs = "targetIds"
        case url
    }

    static let fields: [SchemaField] = [
        .optional("is_enabled", .flag), .optional("slug", .text(.slug, length: 1...40), "Its place in the address."),
        .optional("title", .line(1...100)),
        .optional("check_ids", .list(.id, upTo: 100), "Those of them that are public are shown."),
        .optional("target_ids", .list(.id, upTo: 100), "Whose backups' state is shown."),
    ]

    package static let schema = Schema.named(
        "StatusPage",
        fields.map { .required($0.name, $0.schema, $0.about) } + [.required("url", .line(1...3000))])
}

package struct StatusPageChange: APIDocument {
    package let isEnabled: Bool?
    package let slug: String?
    package let title: String?
    package let checkIDs: [String]?
    package let targetIDs: [String]?

    private enum CodingKeys: String, CodingKey {
        case isEnabled
        case slug
        case title
        case checkIDs = "checkIds"
        case targetIDs = "targetIds"
    }

    package static let schema = Schema.named("StatusPageChange", StatusPageDocument.fields)
}

/// What everybody may see: names and states, no address and no error.
package struct PublicStatusDocument: APIDocument {
    package struct Share: Codable, Sendable, Equatable {
        package let period: String
        package let upShare: Double

        package init(period: String, upShare: Double) {
            self.period = period
            self.upShare = upShare
        }
    }

    package struct Check: Codable, Sendable, Equatable {
        package let name: String
        package let state: String
        package let uptime: [Share]

        package init(name: String, state: String, uptime: [Share]) {
            self.name = name
            self.state = state
            self.uptime = uptime
        }
    }

    package struct Target: Codable, Sendable, Equatable {
        package let name: String
        package let state: String
        package let lastBackupAt: Date?

        package init(name: String, state: String, lastBackupAt: Date?) {
            self.name = name
            self.state = state
            self.lastBackupAt = lastBackupAt
        }
    }

    package let title: String
    package let isAllUp: Bool
    package let checks: [Check]
    package let targets: [Target]
    package let incidents: [IncidentDocument]
    package let at: Date

    package init(
        title: String, isAllUp: Bool, checks: [Check], targets: [Target], incidents: [IncidentDocument], at: Date
    ) {
        self.title = title
        self.isAllUp = isAllUp
        self.checks = checks
        self.targets = targets
        self.incidents = incidents
        self.at = at
    }

    package static let schema = Schema.named(
        "PublicStatus",
        [
            .required("title", .line(1...100)), .required("is_all_up", .flag),
            .required("checks", .list(check, upTo: 100)), .required("targets", .list(target, upTo: 100)),
            .required("incidents", .list(IncidentDocument.schema, upTo: 100), "Of the last 90 days, newest first."),
            .required("at", .time),
        ])

    private static let check = Schema.named(
        "PublicCheck",
        [
            .required("name", .line(1...100)), .required("state", .choice(["up", "down", "unknown"])),
            .required(
                "uptime",
                .list(
                    .named(
                        "UptimeShare",
                        [
                            .required("period", .choice(UptimeDocument.periods)),
                            .required("up_share", .number(0...1)),
                        ]), upTo: 4)),
        ])

    private static let target = Schema.named(
        "PublicTarget",
        [
            .required("name", .line(1...100)), .required("state", .choice(["protected", "late", "unknown"])),
            .optional("last_backup_at", .time),
        ])
}
