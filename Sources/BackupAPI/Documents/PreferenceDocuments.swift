/// What people are told of at all, each kind by its name; a channel may mute more.
package struct PreferencesDocument: APIDocument, Equatable {
    package let isTold: [String: Bool]

    package init(isTold: [String: Bool]) { self.isTold = isTold }

    package init(from decoder: any Decoder) throws {
        isTold = try decoder.singleValueContainer().decode([String: Bool].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(isTold)
    }

    package static let schema = Schema.named(
        "NotificationPreferences", ChannelSchema.kinds.map { .required($0, .flag) })
}

package struct PreferencesChange: APIDocument {
    package let isTold: [String: Bool]

    package init(from decoder: any Decoder) throws {
        isTold = try decoder.singleValueContainer().decode([String: Bool].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(isTold)
    }

    package static let schema = Schema.named(
        "NotificationPreferencesChange", ChannelSchema.kinds.map { .optional($0, .flag) })
}
