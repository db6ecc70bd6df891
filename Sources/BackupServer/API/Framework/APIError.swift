package import BackupAPI
internal import BackupControl
internal import BackupCore
package import HTTPTypes

/// A refusal as the caller gets it.
package struct APIError: Error, Sendable {
    package let status: HTTPResponse.Status
    package let code: APIErrorCode
    package let message: String
    package var details: [FieldProblem] = []
    package var headers = HTTPFields()
    /// For the log only.
    package var cause: (any Error)?

    package init(_ status: HTTPResponse.Status, _ code: APIErrorCode, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    package static func invalid(_ problems: [FieldProblem]) -> Self {
        var error = Self(.badRequest, .validationError, "the request is not what it must be")
        error.details = problems
        return error
    }

    package static func invalid(_ field: String, _ reason: String) -> Self {
        invalid([FieldProblem(field: field, reason: reason)])
    }

    package static func notFound(_ what: String) -> Self { Self(.notFound, .resourceNotFound, "there is no \(what)") }
    package static func conflict(_ message: String) -> Self { Self(.conflict, .conflict, message) }
    package static func precondition(_ message: String) -> Self {
        Self(.preconditionFailed, .preconditionFailed, message)
    }
    package static func unavailable(_ message: String) -> Self {
        Self(.serviceUnavailable, .serviceUnavailable, message)
    }
    package static let notAuthenticated: Self = {
        var error = Self(.unauthorized, .authFailed, "a session or an API token is needed")
        error.headers[.wwwAuthenticate] = "Bearer"
        return error
    }()
    package static func forbidden(_ message: String) -> Self { Self(.forbidden, .permissionDenied, message) }

    package static func rateLimited(retryAfter: Duration) -> Self {
        let seconds = max(1, Int(retryAfter.components.seconds) + (retryAfter.components.attoseconds > 0 ? 1 : 0))
        var error = Self(.tooManyRequests, .rateLimited, "too many requests; try again in \(seconds) s")
        error.headers[.retryAfter] = "\(seconds)"
        return error
    }

    /// What an error of the floors below means to a caller. Decided by type, never by text.
    package init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case ControlError.conflict(let what): self = .conflict(what)
        case ControlError.precondition(let what): self = .precondition(what)
        case ControlError.invalid(let field, let reason): self = .invalid(field, reason)
        case ControlError.notFound(let kind, let id): self = .notFound("\(kind) \(id)")
        case ControlError.loginRefused: self = .notAuthenticated
        case ControlError.throttled(let seconds): self = .rateLimited(retryAfter: .seconds(seconds))
        case ControlError.forbidden(let what): self = .forbidden(what)
        case ControlError.wrongPassword(let field):
            self = .forbidden("the current password is wrong or missing")
            details = Self.invalid(field, "it is wrong or missing").details
        case let error as any BackupError where error.recovery == .retry:
            self = .unavailable("it can't be done right now")
            cause = error
        default:
            self.init(.internalServerError, .internal, "something went wrong; the trace id leads to it in the log")
            cause = error
        }
    }
}
