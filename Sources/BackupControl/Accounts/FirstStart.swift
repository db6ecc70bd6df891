package import BackupCore
package import FoundationEssentials

/// The way to the first account: a token that the server prints at its first start, and that makes one owner once.
package struct FirstStart: Sendable {
    private static let setting = "setup_token_hash"

    private let store: any AccountStore
    private let hasher: PasswordHasher

    package init(store: any AccountStore, hasher: PasswordHasher) {
        self.store = store
        self.hasher = hasher
    }

    /// - Returns: a new token, which makes the one before worthless; nil where there are people already.
    package func token() async throws -> Secret? {
        guard try await !store.hasUsers() else { return nil }
        var random = SystemRandomNumberGenerator()
        let token = RandomKey.fresh("bks_", using: &random)
        try await store.setSetting(Self.setting, hex(RandomKey.hash(token)))
        return token
    }

    /// - Throws: ``ControlError/loginRefused`` for a wrong token, or when there are people already.
    package func makeOwner(
        token: Secret, email: String, name: String, password: Secret, at time: Date
    ) async throws -> UserRecord {
        let expected = try await store.setting(Self.setting)
        // Both are hashes: how long it takes to compare them tells nothing of the token.
        guard let expected, expected == hex(RandomKey.hash(token)) else { throw ControlError.loginRefused }
        var random = SystemRandomNumberGenerator()
        let owner = UserRecord(
            id: Identifier(at: time, using: &random), email: email.lowercased(), name: name, role: .owner,
            passwordHash: try await hasher.hash(password), createdAt: time)
        guard try await store.addFirstUser(owner) else { throw ControlError.loginRefused }
        try await store.setSetting(Self.setting, nil)
        return owner
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }
}
