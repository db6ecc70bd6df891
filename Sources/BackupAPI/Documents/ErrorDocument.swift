/// Every answer that is no success.
package struct ErrorDocument: APIDocument {
    package struct Body: Codable, Sendable {
        package let code: APIErrorCode
        package let message: String
        /// Of a VALIDATION_ERROR: each field.
        package let details: [FieldProblem]
        /// The same is in the server's log.
        package let traceID: String

        package init(code: APIErrorCode, message: String, details: [FieldProblem] = [], traceID: String) {
            self.code = code
            self.message = message
            self.details = details
            self.traceID = traceID
        }
    }

    package let error: Body

    package init(error: Body) { self.error = error }

    package static let schema = Schema.named(
        "Error",
        [
            .required(
                "error",
                .named(
                    "ErrorBody",
                    [
                        .required("code", .choice(APIErrorCode.self)),
                        .required("message", .lines(1...2000)),
                        .required(
                            "details",
                            .list(
                                .named(
                                    "FieldProblem",
                                    [
                                        .required("field", .text(.opaque, length: 0...1000)),
                                        .required("reason", .lines(1...1000)),
                                    ]), upTo: 100)),
                        .required("trace_id", .text(.hex, length: 1...32)),
                    ]))
        ])
}

/// What a refusal is; one HTTP status each, but for those that the framework gives to requests that it can't read.
package enum APIErrorCode: String, Codable, Sendable, CaseIterable {
    case authFailed = "AUTH_FAILED"
    case permissionDenied = "PERMISSION_DENIED"
    case resourceNotFound = "RESOURCE_NOT_FOUND"
    case validationError = "VALIDATION_ERROR"
    case rateLimited = "RATE_LIMITED"
    case conflict = "CONFLICT"
    case preconditionFailed = "PRECONDITION_FAILED"
    case `internal` = "INTERNAL"
    case serviceUnavailable = "SERVICE_UNAVAILABLE"
}
