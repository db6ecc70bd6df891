internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import Crypto
internal import HTTPTypes
internal import Hummingbird

/// The reader's choice of colours and language: a plain form, kept in the browser.
struct PreferenceRoute: Sendable {
    private static let largestForm = 16 << 10

    let desk: PageDesk

    func add(to router: Router<ServerContext>) {
        router.post("/preferences") { request, context in
            let visitor = await desk.visitor(of: request, context)
            do {
                return try await answer(visitor)
            } catch {
                var response = visitor.refusal(APIError(error))
                // What is left of the body is not waited for.
                response.headers[.connection] = "close"
                context.closeSoon()
                return response
            }
        }
    }

    private func answer(_ visitor: Visitor) async throws -> Response {
        try desk.api.gates.enterPage(visitor.caller, address: visitor.address)
        if let problem = visitor.problem { throw problem }
        var limits = desk.api.limits
        limits.largestBody = Self.largestForm
        let body = try await RequestReader(limits: limits).body(of: visitor.request)
        let form = QueryText.values(String(decoding: body, as: UTF8.self))
        try Self.checkForgery(form["csrf_token"] ?? "", visitor)
        let cookies = PageCookies.set(
            theme: form["theme"] ?? "", language: form["language"] ?? "", isSecure: visitor.isSecure)
        return visitor.seeOther(form["back"].flatMap { OwnPath($0) } ?? .root, cookies: cookies)
    }

    /// With a session its token proves it; without one there is only the reader's own taste to be changed, and a browser says where
    /// the form was.
    private static func checkForgery(_ token: String, _ visitor: Visitor) throws {
        if let caller = visitor.caller, case .session(let session, _) = caller.proof {
            guard SHA256.hash(data: Array(token.utf8)) == SHA256.hash(data: Array(session.csrfToken.revealed.utf8))
            else {
                throw APIError.forbidden("the form's token is missing or wrong")
            }
        } else if visitor.isFromElsewhere {
            throw APIError.forbidden("the form is another site's")
        }
    }
}
