package import FoundationEssentials

/// A key for programs, of the person who has made it.
package struct APITokenRecord: Sendable, Equatable {
    package typealias ID = Identifier<APITokenRecord>

    package let id: ID
    package let userID: UserRecord.ID
    package let name: String
    /// Never above its owner's: the lower one of both counts.
    package let role: Role
    package let createdAt: Date
    /// nil for never.
    package let expiresAt: Date?
    /// Within a minute.
    package var lastUsedAt: Date?

    package init(
        id: ID, userID: UserRecord.ID, name: String, role: Role, createdAt: Date, expiresAt: Date?,
        lastUsedAt: Date? = nil
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}
