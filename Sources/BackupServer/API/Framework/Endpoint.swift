package import BackupAPI
package import BackupControl
package import HTTPTypes

/// One route of the API, declared: what it takes, what it answers, and who may call it. The router, the OpenAPI document and the
/// table of rights all come from these.
package struct Endpoint: Sendable {
    /// What has to be true of the caller.
    package enum Permission: Sendable, Equatable {
        /// Anybody.
        case open
        /// Somebody who has logged in; not a token.
        case session
        case role(Role)
        /// Both: a person with the role, and not a token of his.
        case person(Role)
    }

    /// Which budget of requests it takes from.
    package enum Budget: Sendable {
        case login
        case api
        case publicPage
        /// Of probes and scrapers.
        case none
    }

    package typealias Handler = @Sendable (APICall) async throws -> Answer

    package let method: HTTPRequest.Method
    /// With names in braces: `/v1/agents/{id}`.
    package let path: String
    /// Unique; the audit log's action.
    package let operation: String
    package let summary: String
    package let tag: String
    package let permission: Permission
    package let query: [QueryParameter]
    package let body: Schema?
    /// In order; the first is the usual one.
    package let answers: [AnswerShape]
    /// Whether it takes an `Idempotency-Key`: its handler writes ``APICall/kept(_:)`` with what it does.
    package let isIdempotent: Bool
    package let budget: Budget
    package let handler: Handler

    package init(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String, tag: String,
        may permission: Permission, query: [QueryParameter] = [], body: (any APIDocument.Type)? = nil,
        answers: [AnswerShape], isIdempotent: Bool = false, budget: Budget = .api, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.summary = summary
        self.tag = tag
        self.permission = permission
        self.query = query
        self.body = body?.schema
        self.answers = answers
        self.isIdempotent = isIdempotent
        self.budget = budget
        self.handler = handler
    }

    /// Whether it changes something.
    package var isMutation: Bool { method != .get && method != .head }

    /// The names in braces.
    package var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
