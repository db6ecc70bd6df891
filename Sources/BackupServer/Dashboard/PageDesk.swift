internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// What all pages have in common.
struct PageDesk: Sendable {
    let api: API
    let stores: PageStores
    /// How people reach the server, and how agents do.
    let serverURL: String
    let agentURL: String

    /// Who looks, at what, and in which language.
    func visitor(of request: Request, _ context: ServerContext) async -> Visitor {
        var caller: Caller?
        var problem: (any Error)?
        do { caller = try await api.access.browser(of: request) } catch { problem = error }
        let cookies = PageCookies(request)
        let path = request.uri.path + (request.uri.query.map { "?" + $0 } ?? "")
        var page = PageContext(
            language: cookies.language, theme: cookies.theme, now: api.now(), path: OwnPath(path)?.text ?? "/",
            serverURL: serverURL, version: ServerVersion.current)
        page.agentURL = agentURL
        if let caller, case .session(let session, _) = caller.proof {
            page.viewer = PageContext.Viewer(
                name: caller.user.name, email: caller.user.email, role: PageContext.Role(caller.role))
            page.csrfToken = session.csrfToken.revealed
        }
        return Visitor(
            request: request, context: context, page: page, caller: caller, problem: problem,
            address: api.address(of: request, context), isSecure: api.isSecure)
    }
}

extension PageContext.Role {
    init(_ role: BackupControl.Role) {
        self =
            switch role {
            case .owner: .owner
            case .admin: .admin
            case .operator: .operator
            case .viewer: .viewer
            }
    }
}
