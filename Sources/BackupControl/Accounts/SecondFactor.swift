package import BackupCore
package import FoundationEssentials

/// The second factor of a person: begun with a secret, on with the first right code, off with another.
package struct SecondFactor: Sendable {
    private let store: any AccountStore
    private let sealed: any SecretSealing

    package init(store: any AccountStore, sealed: any SecretSealing) {
        self.store = store
        self.sealed = sealed
    }

    /// A new secret, which counts once a code of it was shown. - Throws: ``ControlError/conflict(_:)`` where it is on.
    /// - Returns: the `otpauth:` address of it.
    package func begin(_ user: UserRecord) async throws -> Secret {
        guard !user.isTOTPEnabled else { throw ControlError.conflict("the second factor is on already") }
        var random = SystemRandomNumberGenerator()
        let secret = OneTimeCode.freshSecret(using: &random)
        let before = user
        var user = before
        let hex = secret.revealed.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
        user.sealedTOTP = try sealed.seal(Secret(hex), for: Self.place(of: user.id))
        try await store.updateUser(user, replacing: before)
        return OneTimeCode.address(secret: secret, email: user.email)
    }

    package func enable(_ user: UserRecord, code: String, at time: Date) async throws {
        guard !user.isTOTPEnabled else { throw ControlError.conflict("the second factor is on already") }
        guard user.sealedTOTP != nil else { throw ControlError.precondition("begin with a new secret") }
        guard try await take(code, of: user, at: time) else {
            throw ControlError.invalid(field: "code", reason: "it is not right, or was used before")
        }
        guard let before = try await store.user(user.id) else { throw ControlError.loginRefused }
        var user = before
        user.isTOTPEnabled = true
        try await store.updateUser(user, replacing: before)
    }

    package func disable(_ user: UserRecord, code: String, at time: Date) async throws {
        guard user.isTOTPEnabled else { throw ControlError.precondition("the second factor is not on") }
        guard try await take(code, of: user, at: time) else {
            throw ControlError.invalid(field: "code", reason: "it is not right, or was used before")
        }
        guard let before = try await store.user(user.id) else { throw ControlError.loginRefused }
        var user = before
        user.isTOTPEnabled = false
        user.sealedTOTP = nil
        try await store.updateUser(user, replacing: before)
    }

    /// Whether `code` is right; it can't be taken again, nor any older one.
    func take(_ code: String, of user: UserRecord, at time: Date) async throws -> Bool {
        guard let bytes = user.sealedTOTP else { return false }
        let hex = Array(try sealed.open(bytes, for: Self.place(of: user.id)).revealed)
        let secret = stride(from: 0, to: hex.count - 1, by: 2).compactMap { UInt8(String(hex[$0...$0 + 1]), radix: 16) }
        guard let step = OneTimeCode.step(of: code, secret: SecretBytes(secret), at: time) else { return false }
        return try await store.takeTOTPStep(step, of: user.id)
    }

    /// Where a person's secret stands (``SealedText``).
    package static func place(of id: UserRecord.ID) -> String { "users/\(id)/totp" }
}
