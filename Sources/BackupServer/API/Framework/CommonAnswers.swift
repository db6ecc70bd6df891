internal import BackupAPI
internal import BackupControl
internal import HTTPTypes

/// The refusals that the framework gives by itself: each is documented where it can happen.
enum CommonAnswers {
    static func of(_ endpoint: Endpoint) -> [AnswerShape] {
        var answers = [
            refusal(.badRequest, "something is not what it must be"),
            refusal(.requestTimeout, "the body did not come in time"),
            refusal(.contentTooLarge, "the body is too large"),
            refusal(.serviceUnavailable, "not right now"),
        ]
        if endpoint.permission != .open {
            answers.append(refusal(.unauthorized, "no session, and no token"))
            answers.append(refusal(.forbidden, "the caller may not"))
        }
        if !endpoint.pathParameters.isEmpty { answers.append(refusal(.notFound, "there is no such thing")) }
        if endpoint.body != nil { answers.append(refusal(.unsupportedMediaType, "the body is no JSON")) }
        if endpoint.isIdempotent { answers.append(.conflict) }
        if endpoint.budget != .none { answers.append(refusal(.tooManyRequests, "too many requests")) }
        return answers
    }

    private static func refusal(_ status: HTTPResponse.Status, _ about: String) -> AnswerShape {
        AnswerShape(status, about, schema: ErrorDocument.schema)
    }
}

extension Endpoint.Permission {
    /// For the document.
    var words: String {
        switch self {
        case .open: "open"
        case .session: "session"
        case .role(let role): role.rawValue
        case .person(let role): "session, \(role.rawValue)"
        }
    }
}
