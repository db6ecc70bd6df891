internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// Keys for programs. Only in a session are new ones made: a token that leaked makes no others.
package struct TokenRoutes: Sendable {
    let tokens: TokenService

    package init(tokens: TokenService) { self.tokens = tokens }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/api-tokens", "listTokens", "The caller's own tokens, newest first.", tag: "tokens",
                may: .role(.viewer), query: QueryParameter.page, answers: [.ok(ListDocument<APITokenDocument>.self)]
            ) { call in
                let page = try await tokens.list(of: try call.caller, call.page)
                return try .list(page.items.map { APITokenDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/api-tokens", "createToken", "Make a token; it is shown this once.", tag: "tokens",
                may: .session, body: NewAPIToken.self, answers: [.created(APITokenDocument.self)]
            ) { call in
                let request: NewAPIToken = try call.document()
                let (record, token) = try await tokens.add(
                    name: request.name, role: try Role.named(request.role),
                    expiresAt: request.expiresInDays.map { call.now.addingTimeInterval(Double($0) * 86_400) },
                    by: try call.caller, at: call.now)
                call.audit.concerns(record.id.string, name: record.name)
                return try .json(APITokenDocument(record, token: token.revealed), .created)
            },
            Endpoint(
                .delete, "/v1/api-tokens/{id}", "deleteToken", "Take one of the caller's own tokens away.",
                tag: "tokens", may: .role(.viewer), answers: [.noContent]
            ) { call in
                try await tokens.delete(try call.id(), by: try call.caller)
                return .noContent
            },
        ]
    }
}

extension APITokenDocument {
    init(_ record: APITokenRecord, token: String? = nil) {
        self.init(
            id: record.id.string, name: record.name, role: record.role.rawValue, createdAt: record.createdAt,
            expiresAt: record.expiresAt, lastUsedAt: record.lastUsedAt, token: token)
    }
}
