package import FoundationEssentials

package struct StorageRow: Sendable {
    package var id: String
    package var name: String
    /// `s3` or `embedded`.
    package var kind: String
    /// Bucket and endpoint, or the directory.
    package var place: String
    package var isDefault: Bool
    package var backups: Int
    package var sizeBytes: UInt64

    package init(
        id: String, name: String, kind: String, place: String, isDefault: Bool, backups: Int, sizeBytes: UInt64
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.place = place
        self.isDefault = isDefault
        self.backups = backups
        self.sizeBytes = sizeBytes
    }
}

package struct StorageModel: Sendable {
    package struct Share: Sendable {
        package var name: String
        package var backups: Int
        package var sizeBytes: UInt64

        package init(name: String, backups: Int, sizeBytes: UInt64) {
            self.name = name
            self.backups = backups
            self.sizeBytes = sizeBytes
        }
    }

    package struct Point: Sendable {
        package var at: Date
        package var sizeBytes: UInt64

        package init(at: Date, sizeBytes: UInt64) {
            self.at = at
            self.sizeBytes = sizeBytes
        }
    }

    package var profiles: [StorageRow]
    /// Largest first.
    package var targets: [Share]
    /// Oldest first.
    package var history: [Point]

    package init(profiles: [StorageRow], targets: [Share] = [], history: [Point] = []) {
        self.profiles = profiles
        self.targets = targets
        self.history = history
    }
}

package struct ChannelRow: Sendable {
    package var id: String
    package var name: String
    /// `email`, `telegram`, `slack`, `discord` or `webhook`.
    package var kind: String
    /// Where to, without what is secret.
    package var place: String
    package var isEnabled: Bool
    package var lastSentAt: Date?
    package var lastError: String

    package init(
        id: String, name: String, kind: String, place: String, isEnabled: Bool = true, lastSentAt: Date? = nil,
        lastError: String = ""
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.place = place
        self.isEnabled = isEnabled
        self.lastSentAt = lastSentAt
        self.lastError = lastError
    }
}

package struct NotificationsModel: Sendable {
    package var channels: [ChannelRow]
    /// Kinds of news, and whether they are told.
    package var preferences: [(kind: String, isOn: Bool)]

    package init(channels: [ChannelRow], preferences: [(kind: String, isOn: Bool)]) {
        self.channels = channels
        self.preferences = preferences
    }
}

package struct AuditRow: Sendable {
    package var id: String
    package var at: Date
    package var actor: String
    package var address: String
    package var action: String
    package var object: String

    package init(id: String, at: Date, actor: String, address: String, action: String, object: String) {
        self.id = id
        self.at = at
        self.actor = actor
        self.address = address
        self.action = action
        self.object = object
    }
}

package struct SettingsModel: Sendable {
    package struct Person: Sendable {
        package var id: String
        package var name: String
        package var email: String
        package var role: PageContext.Role
        package var hasSecondFactor: Bool
        package var isDisabled: Bool

        package init(
            id: String, name: String, email: String, role: PageContext.Role, hasSecondFactor: Bool = false,
            isDisabled: Bool = false
        ) {
            self.id = id
            self.name = name
            self.email = email
            self.role = role
            self.hasSecondFactor = hasSecondFactor
            self.isDisabled = isDisabled
        }
    }

    package struct Token: Sendable {
        package var id: String
        package var name: String
        package var role: PageContext.Role
        package var createdAt: Date
        package var lastUsedAt: Date?

        package init(id: String, name: String, role: PageContext.Role, createdAt: Date, lastUsedAt: Date? = nil) {
            self.id = id
            self.name = name
            self.role = role
            self.createdAt = createdAt
            self.lastUsedAt = lastUsedAt
        }
    }

    package var people: [Person]
    package var tokens: [Token]
    package var hasSecondFactor: Bool
    /// Names the master key.
    package var masterKeyID: String

    package init(people: [Person], tokens: [Token], hasSecondFactor: Bool, masterKeyID: String) {
        self.people = people
        self.tokens = tokens
        self.hasSecondFactor = hasSecondFactor
        self.masterKeyID = masterKeyID
    }
}
