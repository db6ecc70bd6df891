package import FoundationEssentials

/// People, their sessions, and their tokens.
package protocol AccountStore: Sendable {
    /// - Throws: ``ControlError/conflict(_:)`` where the address is taken.
    func addUser(_ user: UserRecord) async throws
    /// The first owner, for a setup token that is good, and only where there is nobody yet; in one write, of which there is one at a
    /// time. No token is good afterwards.
    /// - Returns: false where the token is not good, or there is somebody.
    func addFirstUser(_ user: UserRecord, setupTokenHash: [UInt8]) async throws -> Bool
    /// Of those above `limit` the oldest are no longer good.
    /// - Returns: false where there is somebody, and nothing to set up.
    func addSetupToken(hash: [UInt8], at time: Date, limit: Int) async throws -> Bool
    func hasSetupToken(hash: [UInt8]) async throws -> Bool
    func user(_ id: UserRecord.ID) async throws -> UserRecord?
    func user(email: String) async throws -> UserRecord?
    func users(_ page: PageRequest) async throws -> Page<UserRecord>
    func hasUsers() async throws -> Bool
    /// - Throws: ``ControlError/conflict(_:)`` where the account is no longer as `before`, so that a change that took its time, as
    ///   passwords do, undoes no other; and where no owner would be left who can log in; both looked at in the same write.
    func updateUser(_ user: UserRecord, replacing before: UserRecord) async throws
    /// With sessions and tokens. - Throws: as ``updateUser(_:replacing:)``.
    func deleteUser(_ id: UserRecord.ID) async throws
    /// Takes a time step of the second factor. - Returns: false where it, or a later one, was taken before.
    func takeTOTPStep(_ step: Int64, of user: UserRecord.ID) async throws -> Bool

    /// Those of the person above `limit` end, the oldest first.
    func addSession(_ session: SessionRecord, limit: Int) async throws
    func session(tokenHash: [UInt8]) async throws -> (session: SessionRecord, user: UserRecord)?
    func deleteSession(tokenHash: [UInt8]) async throws
    /// All of a person but one.
    func deleteSessions(of user: UserRecord.ID, except tokenHash: [UInt8]?) async throws
    func deleteSessions(expiredBefore time: Date) async throws

    func addToken(_ token: APITokenRecord, tokenHash: [UInt8]) async throws
    func token(tokenHash: [UInt8]) async throws -> (token: APITokenRecord, user: UserRecord)?
    func tokens(of user: UserRecord.ID, _ page: PageRequest) async throws -> Page<APITokenRecord>
    /// - Returns: false where the person has no such token.
    func deleteToken(_ id: APITokenRecord.ID, of user: UserRecord.ID) async throws -> Bool
    func recordTokenUse(_ id: APITokenRecord.ID, at time: Date) async throws

    /// A single value of the whole installation.
    func setting(_ name: String) async throws -> String?
    func setSetting(_ name: String, _ value: String?) async throws
}
