package import BackupCore
package import FoundationEssentials

/// People and their roles. Nobody gives, changes or takes a role above his own, and there is always an owner.
package struct AccountService: Sendable {
    package struct Change: Sendable {
        package var email: String?
        package var name: String?
        package var role: Role?
        package var password: Secret?
        package var isDisabled: Bool?
        package init() {}
    }

    private let store: any AccountStore
    private let hasher: PasswordHasher

    package init(store: any AccountStore, hasher: PasswordHasher) {
        self.store = store
        self.hasher = hasher
    }

    package func list(_ page: PageRequest) async throws -> Page<UserRecord> { try await store.users(page) }

    package func add(
        email: String, name: String, role: Role, password: Secret, by caller: Caller, at time: Date
    ) async throws -> UserRecord {
        try check(role, caller)
        var random = SystemRandomNumberGenerator()
        let user = UserRecord(
            id: Identifier(at: time, using: &random), email: email.lowercased(), name: name, role: role,
            passwordHash: try await hasher.hash(password), createdAt: time)
        try await store.addUser(user)
        return user
    }

    /// A new password, a lower role or a disabled account end all sessions.
    package func update(
        _ id: UserRecord.ID, _ change: Change, by caller: Caller, at time: Date
    ) async throws -> UserRecord {
        // One's own password needs the password that is, see updateOwn.
        guard id != caller.user.id || (change.password == nil && change.email == nil) else {
            throw ControlError.forbidden("change your own address and password with your password: PATCH /v1/me")
        }
        var user = try await found(id)
        try check(user.role, caller)
        if let role = change.role { try check(role, caller) }
        let before = user
        if let email = change.email { user.email = email.lowercased() }
        if let name = change.name { user.name = name }
        if let role = change.role { user.role = role }
        if let isDisabled = change.isDisabled { user.disabledAt = isDisabled ? user.disabledAt ?? time : nil }
        if let password = change.password { user.passwordHash = try await hasher.hash(password) }
        try await store.updateUser(user, replacing: before)
        if change.password != nil || user.role < before.role || user.disabledAt != nil {
            try await store.deleteSessions(of: id, except: nil)
        }
        return user
    }

    package func delete(_ id: UserRecord.ID, by caller: Caller) async throws {
        try check(try await found(id).role, caller)
        try await store.deleteUser(id)
    }

    /// A person's own account. Address and password need the password that is.
    package func updateOwn(
        _ change: Change, currentPassword: Secret?, by caller: Caller
    ) async throws -> UserRecord {
        let before = try await found(caller.user.id)
        var user = before
        if change.email != nil || change.password != nil {
            try await confirm(currentPassword, field: "current_password", of: user)
        }
        if let email = change.email { user.email = email.lowercased() }
        if let name = change.name { user.name = name }
        if let password = change.password { user.passwordHash = try await hasher.hash(password) }
        try await store.updateUser(user, replacing: before)
        if change.password != nil, case .session(let session, _) = caller.proof {
            try await store.deleteSessions(of: user.id, except: session.tokenHash)
        }
        return user
    }

    /// - Throws: ``ControlError/wrongPassword(field:)`` unless it is his password: a typing error, and not a question of rights.
    package func confirm(_ password: Secret?, field: String = "password", of user: UserRecord) async throws {
        guard let password, try await hasher.isRight(password, for: user.passwordHash) else {
            throw ControlError.wrongPassword(field: field)
        }
    }

    private func found(_ id: UserRecord.ID) async throws -> UserRecord {
        guard let user = try await store.user(id) else { throw ControlError.notFound(kind: "user", id: id.string) }
        return user
    }

    private func check(_ role: Role, _ caller: Caller) throws {
        guard role <= caller.role else { throw ControlError.forbidden("only an owner may do that to an owner") }
    }
}
