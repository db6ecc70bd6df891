package import BackupCore
package import FoundationEssentials

/// The way to the first account: a token that the server prints at each start, and that makes one owner once.
///
/// Replicas that start together print one each, and all of them are good until there is an owner.
package struct FirstStart: Sendable {
    /// As many replicas as start together, and some starts more. The oldest are no longer good.
    package static let mostTokens = 16

    private let store: any AccountStore
    private let hasher: PasswordHasher

    package init(store: any AccountStore, hasher: PasswordHasher) {
        self.store = store
        self.hasher = hasher
    }

    /// - Returns: a new token, beside those that are good already; nil where there are people.
    package func token(at time: Date) async throws -> Secret? {
        guard try await !store.hasUsers() else { return nil }
        var random = SystemRandomNumberGenerator()
        let token = RandomKey.fresh("bks_", using: &random)
        let isGood = try await store.addSetupToken(hash: RandomKey.hash(token), at: time, limit: Self.mostTokens)
        return isGood ? token : nil
    }

    /// - Throws: ``ControlError/loginRefused`` for a wrong token, or when there are people already.
    package func makeOwner(
        token: Secret, email: String, name: String, password: Secret, at time: Date
    ) async throws -> UserRecord {
        // It is looked up by its hash: how long that takes tells nothing of the token. And only who has one may make us hash a password.
        let hash = RandomKey.hash(token)
        guard try await store.hasSetupToken(hash: hash) else { throw ControlError.loginRefused }
        var random = SystemRandomNumberGenerator()
        let owner = UserRecord(
            id: Identifier(at: time, using: &random), email: email.lowercased(), name: name, role: .owner,
            passwordHash: try await hasher.hash(password), createdAt: time)
        guard try await store.addFirstUser(owner, setupTokenHash: hash) else { throw ControlError.loginRefused }
        return owner
    }
}
