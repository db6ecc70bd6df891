package import BackupCore
package import FoundationEssentials

/// Keys for programs: shown once, kept as a hash, with a role that is not above their owner's.
package struct TokenService: Sendable {
    private let store: any AccountStore

    package init(store: any AccountStore) { self.store = store }

    package func add(
        name: String, role: Role, expiresAt: Date?, by caller: Caller, at time: Date
    ) async throws -> (record: APITokenRecord, token: Secret) {
        guard role <= caller.role else { throw ControlError.forbidden("a token's role can't be above its owner's") }
        var random = SystemRandomNumberGenerator()
        let token = RandomKey.fresh("bkt_", using: &random)
        let record = APITokenRecord(
            id: Identifier(at: time, using: &random), userID: caller.user.id, name: name, role: role, createdAt: time,
            expiresAt: expiresAt)
        try await store.addToken(record, tokenHash: RandomKey.hash(token))
        return (record, token)
    }

    package func list(of caller: Caller, _ page: PageRequest) async throws -> Page<APITokenRecord> {
        try await store.tokens(of: caller.user.id, page)
    }

    /// One of somebody else's is not there.
    package func delete(_ id: APITokenRecord.ID, by caller: Caller) async throws {
        guard try await store.deleteToken(id, of: caller.user.id) else {
            throw ControlError.notFound(kind: "token", id: id.string)
        }
    }
}
