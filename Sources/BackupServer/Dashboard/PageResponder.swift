internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Takes a request through all that stands before and behind a page.
struct PageResponder: HTTPResponder {
    let route: PageRoute
    let desk: PageDesk

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        let started = ContinuousClock.now
        let visitor = await desk.visitor(of: request, context)
        let response: Response
        do {
            response = try await answer(visitor)
        } catch {
            response = visitor.refusal(APIError(error))
        }
        desk.api.metrics.countRequest(route.name, status: response.status.code, duration: .now - started)
        return response
    }

    private func answer(_ visitor: Visitor) async throws -> Response {
        try desk.api.gates.enterPage(visitor.caller, address: visitor.address)
        if let problem = visitor.problem { throw problem }
        if case .role(let least) = route.permission {
            guard let caller = visitor.caller else { return try await wayIn(visitor) }
            guard caller.role >= least else { throw APIError.forbidden("the role '\(least.rawValue)' is needed") }
        }
        let visit = Visit(
            caller: visitor.caller, context: visitor.page, parameters: try parameters(visitor.context),
            query: QueryText.values(visitor.request.uri.query), now: visitor.page.now)
        switch try await route.handler(visit) {
        case .page(let html): return try visitor.page(html)
        case .seeOther(let path): return visitor.seeOther(path)
        }
    }

    /// Where somebody goes who has no session, and back from there.
    private func wayIn(_ visitor: Visitor) async throws -> Response {
        let path = OwnPath(visitor.page.path) ?? .root
        if visitor.isFromElsewhere { return try visitor.page(EntryPages.onceMore(path.text, visitor.page)) }
        guard try await desk.stores.accounts.hasUsers() else { return visitor.seeOther(.setup) }
        return visitor.seeOther(.login(then: path))
    }

    /// A text that can't be an id names nothing.
    private func parameters(_ context: ServerContext) throws -> [String: String] {
        var values: [String: String] = [:]
        for name in route.parameters {
            let text = context.parameters.get(name) ?? ""
            guard (1...60).contains(text.utf8.count), text.utf8.allSatisfy(Self.isOfID) else {
                throw APIError.notFound("such page")
            }
            values[name] = text
        }
        return values
    }

    private static func isOfID(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension OwnPath {
    static let setup = OwnPath("/setup") ?? .root

    static func login(then path: OwnPath) -> OwnPath {
        let then = path.text == "/" ? "" : path.text
        return OwnPath(Link.to("/login", [("then", then)])) ?? .root
    }
}

extension QueryText {
    /// The parameters of an address, the first of each name, and without those that are not encoded right. 100 at most.
    static func values(_ text: String?) -> [String: String] {
        var values: [String: String] = [:]
        for pair in (text ?? "").split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = parts.count > 1 ? decoded(parts[1]) : "" else { continue }
            if values[name] == nil, value.utf8.count <= 2000 { values[name] = value }
        }
        return values
    }
}
