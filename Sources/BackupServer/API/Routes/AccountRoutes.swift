internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import Hummingbird

/// Logins, one's own account, people. Only in a session are people added or changed: a token that leaked makes no accounts.
package struct AccountRoutes: Sendable {
    let firstStart: FirstStart
    let logins: LoginService
    let accounts: AccountService
    let secondFactor: SecondFactor
    /// Whether browsers reach us by TLS only.
    let isSecure: Bool

    package init(
        firstStart: FirstStart, logins: LoginService, accounts: AccountService, secondFactor: SecondFactor,
        isSecure: Bool
    ) {
        self.firstStart = firstStart
        self.logins = logins
        self.accounts = accounts
        self.secondFactor = secondFactor
        self.isSecure = isSecure
    }

    package var endpoints: [Endpoint] { session + own + people }

    private var session: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/auth/setup", "setUp", "Make the first owner, with the token that the server has printed.",
                tag: "account", may: .open, body: SetupRequest.self,
                answers: [.created(UserDocument.self), .refused], budget: .login, handler: setUp),
            Endpoint(
                .post, "/v1/auth/login", "logIn", "Begin a session.", tag: "account", may: .open,
                body: LoginRequest.self, answers: [.ok(LoginDocument.self), .refused], budget: .login, handler: logIn),
            Endpoint(
                .post, "/v1/auth/logout", "logOut", "End this session.", tag: "account", may: .session,
                answers: [.noContent], handler: logOut),
        ]
    }

    private var own: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/me", "getMe", "Who the caller is.", tag: "account", may: .role(.viewer),
                answers: [.ok(UserDocument.self)]
            ) { try .json(UserDocument(try $0.caller.user)) },
            Endpoint(
                .patch, "/v1/me", "updateMe", "Change one's own account.", tag: "account", may: .session,
                body: OwnAccountChange.self, answers: [.ok(UserDocument.self), .conflict], handler: updateMe),
            Endpoint(
                .post, "/v1/me/2fa/enable", "enableTwoFactor",
                "Begin with a second factor, or show the first code of it.", tag: "account", may: .session,
                body: TwoFactorRequest.self, answers: [.ok(TwoFactorDocument.self), .conflict, .precondition],
                budget: .login, handler: enableTwoFactor),
            Endpoint(
                .post, "/v1/me/2fa/disable", "disableTwoFactor", "Go without a second factor.", tag: "account",
                may: .session, body: TwoFactorRequest.self, answers: [.ok(TwoFactorDocument.self), .precondition],
                budget: .login, handler: disableTwoFactor),
        ]
    }

    private var people: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/users", "listUsers", "All people, newest first.", tag: "users", may: .role(.admin),
                query: QueryParameter.page, answers: [.ok(ListDocument<UserDocument>.self)]
            ) { call in
                let page = try await accounts.list(call.page)
                return try .list(page.items.map(UserDocument.init), next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/users", "createUser", "Give somebody an account.", tag: "users", may: .person(.admin),
                body: NewUser.self, answers: [.created(UserDocument.self), .conflict], handler: createUser),
            Endpoint(
                .patch, "/v1/users/{id}", "updateUser", "Change somebody's account.", tag: "users",
                may: .person(.admin), body: UserChange.self, answers: [.ok(UserDocument.self), .conflict],
                handler: updateUser),
            Endpoint(
                .delete, "/v1/users/{id}", "deleteUser", "Take somebody's account away, with sessions and tokens.",
                tag: "users", may: .person(.admin), answers: [.noContent, .conflict]
            ) { call in
                try await accounts.delete(try call.id(), by: try call.caller)
                return .noContent
            },
        ]
    }
}

extension UserDocument {
    init(_ user: UserRecord) {
        self.init(
            id: user.id.string, email: user.email, name: user.name, role: user.role.rawValue,
            isTOTPEnabled: user.isTOTPEnabled, isDisabled: user.disabledAt != nil, createdAt: user.createdAt)
    }
}

extension Role {
    /// - Throws: ``APIError`` 400; after the schema's check it can't.
    static func named(_ name: String) throws -> Role {
        guard let role = Role(rawValue: name) else { throw APIError.invalid("role", "there is no such role") }
        return role
    }
}
