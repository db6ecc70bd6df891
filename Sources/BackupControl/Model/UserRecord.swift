package import BackupCore
package import FoundationEssentials

/// A person with an account.
package struct UserRecord: Sendable, Equatable {
    package typealias ID = Identifier<UserRecord>

    package let id: ID
    /// Lower-case; unique.
    package var email: String
    package var name: String
    package var role: Role
    /// Of argon2id, with its parameters.
    package var passwordHash: Secret
    /// The shared secret of the second factor under the master key; also while it is not enabled yet.
    package var sealedTOTP: [UInt8]?
    package var isTOTPEnabled: Bool
    /// The time step of the last code that was taken: none is taken twice.
    package var lastTOTPStep: Int64
    package let createdAt: Date
    /// nil: the account can be used.
    package var disabledAt: Date?

    package init(
        id: ID, email: String, name: String, role: Role, passwordHash: Secret, sealedTOTP: [UInt8]? = nil,
        isTOTPEnabled: Bool = false, lastTOTPStep: Int64 = 0, createdAt: Date, disabledAt: Date? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
        self.sealedTOTP = sealedTOTP
        self.isTOTPEnabled = isTOTPEnabled
        self.lastTOTPStep = lastTOTPStep
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}
