internal import BackupControl
internal import BackupCore
internal import Crypto
internal import HTTPTypes
internal import Hummingbird

/// Who may make a request.
struct AccessCheck {
    static let cookieName = "backupy_session"
    static let csrfHeader = "X-CSRF-Token"

    let authenticator: any Authenticator

    /// - Returns: nil where the endpoint is open to anybody.
    /// - Throws: ``APIError`` 401, 403.
    func caller(of request: Request, for endpoint: Endpoint) async throws -> Caller? {
        if endpoint.permission == .open { return nil }
        guard let caller = try await caller(of: request) else { throw APIError.notAuthenticated }
        try Self.checkForgery(request, caller, endpoint)
        switch endpoint.permission {
        case .open: break
        case .session: try Self.check(isSession: caller)
        case .role(let least): try Self.check(caller, has: least)
        case .person(let least):
            try Self.check(isSession: caller)
            try Self.check(caller, has: least)
        }
        return caller
    }

    /// Whether a request that was let in would be let in now.
    func isStillAllowed(_ request: Request, for endpoint: Endpoint) async throws -> Bool {
        do {
            _ = try await caller(of: request, for: endpoint)
            return true
        } catch is APIError {
            return false
        }
    }

    private static func check(isSession caller: Caller) throws {
        guard caller.isSession else { throw APIError.forbidden("a token may not do that; log in") }
    }

    private static func check(_ caller: Caller, has least: Role) throws {
        guard caller.role >= least else { throw APIError.forbidden("the role '\(least.rawValue)' is needed") }
    }

    /// A header counts before a cookie: no page of another site can set it.
    private func caller(of request: Request) async throws -> Caller? {
        if let header = request.headers[.authorization] {
            guard header.prefix(7).lowercased() == "bearer " else { return nil }
            return try await caller(token: header.dropFirst(7), isCookie: false)
        }
        guard let cookie = request.cookies[Self.cookieName] else { return nil }
        return try await caller(token: cookie.value[...], isCookie: true)
    }

    /// Somebody who looks at pages: only a browser's session does.
    func browser(of request: Request) async throws -> Caller? {
        guard let cookie = request.cookies[Self.cookieName] else { return nil }
        return try await caller(token: cookie.value[...], isCookie: true)
    }

    private func caller(token: Substring, isCookie: Bool) async throws -> Caller? {
        guard (16...512).contains(token.utf8.count) else { return nil }
        return try await authenticator.caller(token: Secret(String(token)), isCookie: isCookie)
    }

    /// A page of another site can make a browser send the cookie, but neither read nor send the token beside it.
    private static func checkForgery(_ request: Request, _ caller: Caller, _ endpoint: Endpoint) throws {
        guard endpoint.isMutation, case .session(let session, isCookie: true) = caller.proof else { return }
        let sent = HTTPField.Name(csrfHeader).flatMap { request.headers[$0] } ?? ""
        guard SHA256.hash(data: Array(sent.utf8)) == SHA256.hash(data: Array(session.csrfToken.revealed.utf8)) else {
            throw APIError.forbidden("the header \(csrfHeader) is missing or wrong")
        }
    }
}
