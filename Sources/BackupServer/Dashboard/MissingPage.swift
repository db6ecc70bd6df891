internal import BackupDashboard
internal import HTTPTypes
internal import Hummingbird

/// What no route has, as a page for whoever reads pages. Programs get the API's refusal.
struct MissingPage: RouterMiddleware {
    let desk: PageDesk

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && Self.readsPages(request) {
            let visitor = await desk.visitor(of: request, context)
            do {
                try desk.api.gates.enterPage(visitor.caller, address: visitor.address)
                return visitor.refusal(.notFound("such page"))
            } catch {
                return visitor.refusal(APIError(error))
            }
        }
    }

    private static func readsPages(_ request: Request) -> Bool {
        (request.method == .get || request.method == .head) && !request.uri.path.hasPrefix("/v1/")
            && (request.headers[.accept] ?? "").contains("text/html")
    }
}
