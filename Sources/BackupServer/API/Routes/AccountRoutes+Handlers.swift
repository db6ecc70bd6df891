internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import HTTPTypes
internal import Hummingbird

extension AccountRoutes {
    func setUp(_ call: APICall) async throws -> Answer {
        let request: SetupRequest = try call.document()
        let owner = try await firstStart.makeOwner(
            token: Secret(request.token), email: request.email, name: request.name, password: Secret(request.password),
            at: call.now)
        call.audit.concerns(owner.id.string, name: owner.email)
        return try .json(UserDocument(owner), .created)
    }

    func logIn(_ call: APICall) async throws -> Answer {
        let request: LoginRequest = try call.document()
        call.audit.concerns("", name: request.email)
        let login = try await logins.login(
            email: request.email, password: Secret(request.password), code: request.code, address: call.address,
            at: call.now)
        call.audit.concerns(login.user.id.string, name: login.user.email)
        let isCookie = request.useCookie ?? false
        var answer = try Answer.json(
            LoginDocument(
                token: isCookie ? nil : login.token.revealed, csrfToken: login.session.csrfToken.revealed,
                expiresAt: login.session.expiresAt, user: UserDocument(login.user)))
        if isCookie {
            answer.headers[.setCookie] = cookie(login.token.revealed, age: Int(LoginService.sessionLifetime))
        }
        return answer
    }

    func logOut(_ call: APICall) async throws -> Answer {
        guard case .session(let session, _) = try call.caller.proof else { throw APIError.notAuthenticated }
        try await logins.logout(session)
        var answer = Answer.noContent
        answer.headers[.setCookie] = cookie("", age: 0)
        return answer
    }

    private func cookie(_ value: String, age: Int) -> String {
        "\(AccessCheck.cookieName)=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }

    func updateMe(_ call: APICall) async throws -> Answer {
        let request: OwnAccountChange = try call.document()
        var change = AccountService.Change()
        change.email = request.email
        change.name = request.name
        change.password = request.password.map { Secret($0) }
        let user = try await accounts.updateOwn(
            change, currentPassword: request.currentPassword.map { Secret($0) }, by: try call.caller)
        return try .json(UserDocument(user))
    }

    func enableTwoFactor(_ call: APICall) async throws -> Answer {
        let request: TwoFactorRequest = try call.document()
        let user = try call.caller.user
        try await accounts.confirm(Secret(request.password), of: user)
        guard let code = request.code else {
            let address = try await secondFactor.begin(user)
            return try .json(TwoFactorDocument(isEnabled: false, address: address.revealed))
        }
        try await secondFactor.enable(user, code: code, at: call.now)
        return try .json(TwoFactorDocument(isEnabled: true))
    }

    func disableTwoFactor(_ call: APICall) async throws -> Answer {
        let request: TwoFactorRequest = try call.document()
        let user = try call.caller.user
        try await accounts.confirm(Secret(request.password), of: user)
        try await secondFactor.disable(user, code: request.code ?? "", at: call.now)
        return try .json(TwoFactorDocument(isEnabled: false))
    }

    func createUser(_ call: APICall) async throws -> Answer {
        let request: NewUser = try call.document()
        let user = try await accounts.add(
            email: request.email, name: request.name, role: try Role.named(request.role),
            password: Secret(request.password), by: try call.caller, at: call.now)
        call.audit.concerns(user.id.string, name: user.email)
        return try .json(UserDocument(user), .created)
    }

    func updateUser(_ call: APICall) async throws -> Answer {
        let request: UserChange = try call.document()
        var change = AccountService.Change()
        change.email = request.email
        change.name = request.name
        change.role = try request.role.map(Role.named)
        change.password = request.password.map { Secret($0) }
        change.isDisabled = request.isDisabled
        let user = try await accounts.update(try call.id(), change, by: try call.caller, at: call.now)
        return try .json(UserDocument(user))
    }
}
