package import BackupCore
package import FoundationEssentials

/// Who has a session's or a program's token.
package struct CallerLookup: Sendable {
    private let store: any AccountStore
    private let now: @Sendable () -> Date

    package init(store: any AccountStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The lookup is by the token's hash, so that its time tells nothing of a token.
    package func caller(token: Secret, isCookie: Bool) async throws -> Caller? {
        let hash = RandomKey.hash(token)
        let time = now()
        if token.revealed.hasPrefix("bkw_") {
            guard let (session, user) = try await store.session(tokenHash: hash), session.expiresAt > time,
                user.disabledAt == nil
            else { return nil }
            return Caller(user: user, proof: .session(session, isCookie: isCookie))
        }
        // A cookie is of a browser, which has a session.
        guard !isCookie, token.revealed.hasPrefix("bkt_"),
            let (record, user) = try await store.token(tokenHash: hash), user.disabledAt == nil,
            record.expiresAt.map({ $0 > time }) ?? true
        else { return nil }
        if record.lastUsedAt.map({ time.timeIntervalSince($0) > 60 }) ?? true {
            try await store.recordTokenUse(record.id, at: time)
        }
        return Caller(user: user, proof: .token(record))
    }
}
