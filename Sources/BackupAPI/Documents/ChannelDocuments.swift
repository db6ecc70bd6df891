package import FoundationEssentials

package enum ChannelSchema {
    /// What people can be told of.
    package static let kinds = [
        "run_failed", "run_recovered", "backup_late", "agent_offline", "agent_online", "check_down", "check_up",
        "retention_braked", "restore_finished", "server_was_down",
    ]
    static let name = Schema.line(1...100)
    static let muted = Schema.list(.choice(kinds), upTo: 50)
    static let secret = Schema.text(.opaque, length: 1...1000)
    static let common: [SchemaField] = [
        .optional("is_enabled", .flag), .optional("muted", muted, "What is not told there."),
    ]
    static let host = SchemaField.required("host", .text(.host, length: 1...253), "Of the mail server.")
    static let from = SchemaField.required("from", address)
    static let to = SchemaField.required("to", .list(address, count: 1...20))
    static let email: [SchemaField] = [
        .optional("port", .integer(1...65_535)),
        .optional("security", .choice(["starttls", "tls", "none"]), "TLS after a greeting, at once, or not at all."),
        .optional("username", .line(0...255)), .optional("ca_certificate", .lines(0...100_000), "PEM."),
    ]
    static let chat = SchemaField.required("chat", .text(.chat, length: 1...65), "Its number, or @name.")
    static let url = SchemaField.required("url", .text(.webAddress, length: 8...2000))
    private static let address = Schema.text(.email, length: 3...254)
}

/// Where notices go. The secret never comes back.
package struct ChannelDocument: APIDocument {
    package let id: String
    package let name: String
    package let kind: String
    package let isEnabled: Bool
    package let muted: [String]
    package let hasSecret: Bool
    package let settings: ChannelSettings
    package let createdAt: Date
    package let lastSentAt: Date?
    /// Of the last attempt; empty when it went well.
    package let lastError: String

    package init(
        id: String, name: String, kind: String, isEnabled: Bool, muted: [String], hasSecret: Bool,
        settings: ChannelSettings, createdAt: Date, lastSentAt: Date?, lastError: String
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.isEnabled = isEnabled
        self.muted = muted
        self.hasSecret = hasSecret
        self.settings = settings
        self.createdAt = createdAt
        self.lastSentAt = lastSentAt
        self.lastError = lastError
    }

    private enum CodingKeys: CodingKey {
        case id
        case name
        case kind
        case isEnabled
        case muted
        case hasSecret
        case createdAt
        case lastSentAt
        case lastError
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        kind = try container.decode(String.self, forKey: .kind)
        isEnabled = try container.decode(Bool.self, forKey: .isEnabled)
        muted = try container.decode([String].self, forKey: .muted)
        hasSecret = try container.decode(Bool.self, forKey: .hasSecret)
        settings = try ChannelSettings(from: decoder)
        createdAt = try container.decode(Date.self, forKey: .createdAt)
        lastSentAt = try container.decodeIfPresent(Date.self, forKey: .lastSentAt)
        lastError = try container.decode(String.self, forKey: .lastError)
    }

    package func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(kind, forKey: .kind)
        try container.encode(isEnabled, forKey: .isEnabled)
        try container.encode(muted, forKey: .muted)
        try container.encode(hasSecret, forKey: .hasSecret)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encodeIfPresent(lastSentAt, forKey: .lastSentAt)
        try container.encode(lastError, forKey: .lastError)
    }

    package static let schema = Schema.named(
        "Channel",
        [
            .required("id", .id), .required("name", ChannelSchema.name),
            .required("kind", .choice(["email", "telegram", "slack", "discord", "webhook"])),
            .required("is_enabled", .flag), .required("muted", ChannelSchema.muted), .required("has_secret", .flag),
            .required("created_at", .time), .optional("last_sent_at", .time),
            .required("last_error", .text(.opaque, length: 0...100_000)),
        ] + ChannelSettings.fields)
}

/// Where a channel leads: of each kind the fields that it has.
package struct ChannelSettings: Codable, Sendable, Equatable {
    package var host: String?
    package var port: Int?
    package var security: String?
    package var username: String?
    package var from: String?
    package var to: [String]?
    package var caCertificate: String?
    package var chat: String?
    package var url: String?

    package init() {}

    /// All of them, none needed.
    static let fields: [SchemaField] =
        ([ChannelSchema.host, ChannelSchema.from, ChannelSchema.to, ChannelSchema.chat, ChannelSchema.url]
        + ChannelSchema.email).map { .optional($0.name, $0.schema, $0.about) }
}

package struct NewChannel: APIDocument {
    package let name: String
    package let kind: String
    package let isEnabled: Bool?
    package let muted: [String]?
    package let secret: String?
    package let settings: ChannelSettings

    private enum CodingKeys: CodingKey {
        case name
        case kind
        case isEnabled
        case muted
        case secret
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        kind = try container.decode(String.self, forKey: .kind)
        isEnabled = try container.decodeIfPresent(Bool.self, forKey: .isEnabled)
        muted = try container.decodeIfPresent([String].self, forKey: .muted)
        secret = try container.decodeIfPresent(String.self, forKey: .secret)
        settings = try ChannelSettings(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(isEnabled, forKey: .isEnabled)
        try container.encodeIfPresent(muted, forKey: .muted)
        try container.encodeIfPresent(secret, forKey: .secret)
    }

    package static let schema = Schema.variants([
        variant(
            "NewEmailChannel", "email",
            [
                ChannelSchema.host, ChannelSchema.from, ChannelSchema.to,
                .optional("secret", ChannelSchema.secret, "The user's password."),
            ] + ChannelSchema.email),
        variant(
            "NewTelegramChannel", "telegram",
            [ChannelSchema.chat, .required("secret", .text(.botToken, length: 3...121), "The bot's token.")]),
        variant("NewSlackChannel", "slack", [hook]),
        variant("NewDiscordChannel", "discord", [hook]),
        variant(
            "NewWebhook", "webhook",
            [ChannelSchema.url, .required("secret", ChannelSchema.secret, "It signs what is sent.")]),
    ])

    private static let hook = SchemaField.required("secret", .text(.webAddress, length: 8...2000), "Its address.")

    private static func variant(_ name: String, _ kind: String, _ fields: [SchemaField]) -> ObjectSchema {
        ObjectSchema(
            name: name,
            fields: [.required("name", ChannelSchema.name), .required("kind", .choice([kind]))] + ChannelSchema.common
                + fields)
    }
}

package struct ChannelChange: APIDocument {
    package let name: String?
    package let isEnabled: Bool?
    package let muted: [String]?
    package let secret: String?
    package let settings: ChannelSettings

    private enum CodingKeys: CodingKey {
        case name
        case isEnabled
        case muted
        case secret
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        isEnabled = try container.decodeIfPresent(Bool.self, forKey: .isEnabled)
        muted = try container.decodeIfPresent([String].self, forKey: .muted)
        secret = try container.decodeIfPresent(String.self, forKey: .secret)
        settings = try ChannelSettings(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encodeIfPresent(isEnabled, forKey: .isEnabled)
        try container.encodeIfPresent(muted, forKey: .muted)
        try container.encodeIfPresent(secret, forKey: .secret)
    }

    package static let schema = Schema.named(
        "ChannelChange",
        [
            .optional("name", ChannelSchema.name),
            .optional("secret", .text(.opaque, length: 1...2000), "As the kind has it."),
        ] + ChannelSchema.common + ChannelSettings.fields)
}

/// What came of sending something to a channel.
package struct ChannelTestDocument: APIDocument {
    package let isSent: Bool
    package let error: FailureDocument?

    package init(isSent: Bool, error: FailureDocument?) {
        self.isSent = isSent
        self.error = error
    }

    package static let schema = Schema.named(
        "ChannelTest", [.required("is_sent", .flag), .optional("error", FailureDocument.schema)])
}
