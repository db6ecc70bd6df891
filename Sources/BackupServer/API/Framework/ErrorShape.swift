internal import BackupAPI
internal import HTTPTypes
internal import Hummingbird

/// Gives what no route has answered the form of all refusals: 404, and 405 with what the path does take.
struct ErrorShape: RouterMiddleware {
    let api: API

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let exchange = Exchange(request: request, context: context, traceID: TraceID.fresh())
            return exchange.response(exchange.refusal(refusal(request)), isSecure: api.isSecure)
        }
    }

    private func refusal(_ request: Request) -> APIError {
        let methods = api.table.methods(of: request.uri.path)
        guard !methods.isEmpty else { return .notFound("such path") }
        var error = APIError(.methodNotAllowed, .validationError, "\(request.method.rawValue) can't be done here")
        error.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return error
    }
}
