internal import BackupControl

/// The budgets of requests.
struct RequestGates: Sendable {
    private let logins: RateLimiter
    private let requests: RateLimiter
    private let publicRequests: RateLimiter
    private let pages: RateLimiter
    private let refusals: RateLimiter
    private let news = RateLimiter(perMinute: 1)

    init(_ limits: APILimits) {
        logins = RateLimiter(perMinute: limits.loginsPerMinute)
        requests = RateLimiter(perMinute: limits.requestsPerMinute)
        publicRequests = RateLimiter(perMinute: limits.publicRequestsPerMinute)
        pages = RateLimiter(perMinute: limits.pagesPerMinute)
        refusals = RateLimiter(perMinute: limits.refusalsPerMinute)
    }

    /// Before it is known who asks. - Throws: ``APIError`` 429.
    func enter(_ endpoint: Endpoint, address: String) throws {
        let key = ClientAddress.limitKey(address)
        switch endpoint.budget {
        case .login: try take(logins, key)
        case .publicPage: try take(publicRequests, key)
        case .api where endpoint.permission == .open: try take(publicRequests, key)
        case .api, .none: break
        }
    }

    /// Each token and each session has a budget of its own.
    func enter(_ caller: Caller) throws {
        switch caller.proof {
        case .session(let session, _): try take(requests, Self.key(session))
        case .token(let token): try take(requests, token.id.string)
        }
    }

    /// Of pages; whoever has no session is one of the public.
    func enterPage(_ caller: Caller?, address: String) throws {
        if let caller, case .session(let session, _) = caller.proof {
            try take(pages, Self.key(session))
        } else {
            try take(publicRequests, ClientAddress.limitKey(address))
        }
    }

    private static func key(_ session: SessionRecord) -> String {
        session.tokenHash.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Guesses of tokens cost, too.
    func countRefusal(address: String) throws { try take(refusals, ClientAddress.limitKey(address)) }

    /// Whether a refusal is worth a line of the log: the first in a minute of what is counted together. A flood must not fill the log.
    func isNews(_ refusal: String) -> Bool { news.take(refusal, at: .now) == nil }

    private func take(_ limiter: RateLimiter, _ key: String) throws {
        if let wait = limiter.take(key, at: .now) { throw APIError.rateLimited(retryAfter: wait) }
    }
}
