package import BackupCore
package import FoundationEssentials

/// A login of a person.
package struct SessionRecord: Sendable, Equatable {
    /// SHA-256 of its token.
    package let tokenHash: [UInt8]
    package let userID: UserRecord.ID
    /// What a browser sends beside the cookie with each change, so that no other site's page can.
    package let csrfToken: Secret
    package let address: String
    package let createdAt: Date
    package let expiresAt: Date

    package init(
        tokenHash: [UInt8], userID: UserRecord.ID, csrfToken: Secret, address: String, createdAt: Date, expiresAt: Date
    ) {
        self.tokenHash = tokenHash
        self.userID = userID
        self.csrfToken = csrfToken
        self.address = address
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
