package import BackupCore
package import FoundationEssentials

/// Logins, and what they lead to: sessions.
package struct LoginService: Sendable {
    package static let sessionLifetime = 7.0 * 24 * 3600
    static let mostSessions = 20
    /// Attempts for one account from anywhere; those that succeed count too, so that nothing is told.
    static let attemptsPerMinute = 10

    /// A session, with what only its owner sees.
    package struct Login: Sendable {
        package let token: Secret
        package let session: SessionRecord
        package let user: UserRecord
    }

    private let store: any AccountStore
    private let hasher: PasswordHasher
    private let secondFactor: SecondFactor
    private let accounts = RateLimiter(perMinute: attemptsPerMinute)

    package init(store: any AccountStore, hasher: PasswordHasher, secondFactor: SecondFactor) {
        self.store = store
        self.hasher = hasher
        self.secondFactor = secondFactor
    }

    /// An unknown address takes the same time, and gets the same answer, as a wrong password or a wrong code.
    /// - Throws: ``ControlError/loginRefused``; ``ControlError/throttled(seconds:)``.
    package func login(
        email: String, password: Secret, code: String?, address: String, at time: Date
    ) async throws -> Login {
        let email = email.lowercased()
        if let wait = accounts.take(email, at: .now) {
            throw ControlError.throttled(seconds: Int(wait.components.seconds) + 1)
        }
        let user = try await store.user(email: email)
        let isRight = try await hasher.isRight(password, for: user?.passwordHash)
        guard isRight, let user, user.disabledAt == nil else { throw ControlError.loginRefused }
        if user.isTOTPEnabled {
            guard let code, try await secondFactor.take(code, of: user, at: time) else {
                throw ControlError.loginRefused
            }
        }
        return try await begin(user, address: address, at: time)
    }

    private func begin(_ user: UserRecord, address: String, at time: Date) async throws -> Login {
        var random = SystemRandomNumberGenerator()
        let token = RandomKey.fresh("bkw_", using: &random)
        let session = SessionRecord(
            tokenHash: RandomKey.hash(token), userID: user.id, csrfToken: RandomKey.fresh("", using: &random),
            address: address, createdAt: time, expiresAt: time.addingTimeInterval(Self.sessionLifetime))
        try await store.addSession(session, limit: Self.mostSessions)
        return Login(token: token, session: session, user: user)
    }

    package func logout(_ session: SessionRecord) async throws {
        try await store.deleteSession(tokenHash: session.tokenHash)
    }
}
