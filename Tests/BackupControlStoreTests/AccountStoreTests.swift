import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// People, their sessions and tokens, what they did, and keys of requests, on both databases.
@Suite struct AccountStoreTests {
    private static func user(
        _ sample: inout Sample, _ email: String, _ role: Role = .owner, at seconds: Double = 0
    ) -> UserRecord {
        UserRecord(
            id: sample.id(), email: email, name: "N \(email)", role: role, passwordHash: Secret("hash"),
            createdAt: sample.start.addingTimeInterval(seconds))
    }

    private static func session(_ user: UserRecord, _ token: UInt8, at time: Date, lives: Double = 60) -> SessionRecord
    {
        SessionRecord(
            tokenHash: [token], userID: user.id, csrfToken: Secret("csrf\(token)"), address: "192.0.2.1",
            createdAt: time, expiresAt: time.addingTimeInterval(lives))
    }

    @Test(arguments: DatabaseKind.allCases)
    func peopleComeBackAsTheyWereStored(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let made = Self.user(&sample, "a@example.com")
        var first = made
        #expect(try await database.hasUsers() == false)
        #expect(try await database.addSetupToken(hash: [1], at: sample.start, limit: 2))
        let other = Self.user(&sample, "b@example.com")
        #expect(try await database.addFirstUser(other, setupTokenHash: [2]) == false, "there is no such token")
        #expect(try await database.addFirstUser(first, setupTokenHash: [1]))
        #expect(try await database.addFirstUser(other, setupTokenHash: [1]) == false, "there is somebody")
        #expect(try await database.hasUsers())
        #expect(try await database.user(first.id) == first)
        first.sealedTOTP = [1, 2, 3]
        first.isTOTPEnabled = true
        first.name = "Änne"
        first.passwordHash = Secret("other")
        try await database.updateUser(first, replacing: made)
        #expect(try await database.user(email: "a@example.com") == first)
        await #expect { try await database.updateUser(made, replacing: made) } throws: { error in
            if case ControlError.conflict = error { true } else { false }
        }
        #expect(try await database.user(email: "A@example.com") == nil)
        await #expect(throws: ControlError.conflict("the address a@example.com is taken")) {
            try await database.addUser(Self.user(&sample, "a@example.com", .viewer))
        }
        let second = Self.user(&sample, "b@example.com", .viewer)
        try await database.addUser(second)
        var taken = second
        taken.email = "a@example.com"
        await #expect(throws: ControlError.conflict("the address a@example.com is taken")) {
            try await database.updateUser(taken, replacing: second)
        }
        let page = try await database.users(PageRequest(limit: 1))
        let next = try await database.users(PageRequest(limit: 1, cursor: page.nextCursor))
        #expect(Set((page.items + next.items).map(\.id)) == [first.id, second.id] && next.nextCursor == nil)
        #expect(try await database.takeTOTPStep(5, of: first.id))
        for step: Int64 in [5, 4] {
            #expect(try await database.takeTOTPStep(step, of: first.id) == false, "it, or a later one, was taken")
        }
        #expect(try await database.takeTOTPStep(6, of: first.id))
        try await database.updateUser(first, replacing: first)
        #expect(try await database.user(first.id)?.lastTOTPStep == 6, "another change sets it not back")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func oneOwnerWhoCanLogInStaysWhateverTwoDoAtOnce(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let databases = [try await fixture.open(), try await fixture.open()]
        var sample = Sample()
        let owners = [Self.user(&sample, "a@example.com"), Self.user(&sample, "b@example.com")]
        for owner in owners { try await databases[0].addUser(owner) }
        var demoted = owners
        demoted[0].role = .admin
        demoted[1].disabledAt = sample.start
        let changes = zip(demoted, owners).map { (new: $0, old: $1) }
        let done = await withTaskGroup(of: Bool.self) { group in
            for (database, change) in zip(databases, changes) {
                group.addTask {
                    do {
                        try await database.updateUser(change.new, replacing: change.old)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 1)
        let left = try await databases[0].users(PageRequest()).items.filter {
            $0.role == .owner && $0.disabledAt == nil
        }
        #expect(left.count == 1)
        await #expect(throws: ControlError.conflict("there must be an owner who can log in")) {
            try await databases[1].deleteUser(left[0].id)
        }
        for database in databases { await database.close() }
    }

    /// Each with a token of its own, and with nothing there yet that they could wait at.
    @Test(arguments: DatabaseKind.allCases)
    func onlyOneOfManyIsTheFirst(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let databases = [try await fixture.open(), try await fixture.open()]
        var sample = Sample()
        for round in 0..<5 {
            try fixture.sql("DELETE FROM users; DELETE FROM settings; DELETE FROM setup_tokens")
            var people: [(user: UserRecord, token: [UInt8])] = []
            for number: UInt8 in 0..<8 {
                people.append((Self.user(&sample, "\(number)@example.com"), [number]))
                #expect(try await databases[0].addSetupToken(hash: [number], at: sample.start, limit: 16))
            }
            try fixture.sql("DELETE FROM settings")
            let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (number, one) in people.enumerated() {
                    group.addTask {
                        try await databases[number % 2].addFirstUser(one.user, setupTokenHash: one.token)
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(firsts == 1, "round \(round)")
            #expect(try await databases[0].users(PageRequest()).items.count == 1)
            for one in people { #expect(try await databases[1].hasSetupToken(hash: one.token) == false) }
            #expect(try await databases[1].addSetupToken(hash: [99], at: sample.start, limit: 16) == false)
        }
        for database in databases { await database.close() }
    }

    @Test(arguments: DatabaseKind.allCases)
    func theNewestSetupTokensAreGood(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        let sample = Sample()
        for number: UInt8 in 1...5 {
            let time = sample.start.addingTimeInterval(Double(number))
            #expect(try await database.addSetupToken(hash: [number], at: time, limit: 3))
        }
        for number: UInt8 in 1...5 {
            #expect(try await database.hasSetupToken(hash: [number]) == (number > 2), "\(number)")
        }
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func sessionsEndWithTimeByNumberAndWithTheirPerson(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let (owner, other) = (Self.user(&sample, "a@example.com"), Self.user(&sample, "b@example.com"))
        for user in [owner, other] { try await database.addUser(user) }
        for number: UInt8 in 1...4 {
            let time = sample.start.addingTimeInterval(Double(number))
            try await database.addSession(Self.session(owner, number, at: time), limit: 3)
        }
        try await database.addSession(Self.session(other, 9, at: sample.start), limit: 3)
        #expect(try await database.session(tokenHash: [1]) == nil, "the oldest ended")
        let found = try #require(try await database.session(tokenHash: [4]))
        #expect(found.user == owner)
        #expect(found.session == Self.session(owner, 4, at: sample.start.addingTimeInterval(4)))
        try await database.deleteSessions(of: owner.id, except: [4])
        for gone: UInt8 in [2, 3] { #expect(try await database.session(tokenHash: [gone]) == nil) }
        #expect(try await database.session(tokenHash: [4]) != nil)
        #expect(try await database.session(tokenHash: [9]) != nil, "another's stays")
        try await database.deleteSessions(expiredBefore: sample.start.addingTimeInterval(61))
        #expect(try await database.session(tokenHash: [9]) == nil)
        #expect(try await database.session(tokenHash: [4]) != nil)
        try await database.deleteUser(owner.id)
        #expect(try await database.session(tokenHash: [4]) == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func tokensBelongToOnePerson(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let (owner, other) = (Self.user(&sample, "a@example.com"), Self.user(&sample, "b@example.com"))
        for user in [owner, other] { try await database.addUser(user) }
        let token = APITokenRecord(
            id: sample.id(), userID: owner.id, name: "ci", role: .operator, createdAt: sample.start,
            expiresAt: sample.start.addingTimeInterval(9))
        try await database.addToken(token, tokenHash: [7])
        let found = try #require(try await database.token(tokenHash: [7]))
        #expect(found.token == token && found.user == owner)
        try await database.recordTokenUse(token.id, at: sample.start)
        #expect(try await database.tokens(of: owner.id, PageRequest()).items.map(\.lastUsedAt) == [sample.start])
        #expect(try await database.tokens(of: other.id, PageRequest()).items.isEmpty)
        #expect(try await database.deleteToken(token.id, of: other.id) == false)
        #expect(try await database.deleteToken(token.id, of: owner.id))
        #expect(try await database.token(tokenHash: [7]) == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func theAuditLogIsFilteredAndComesInPages(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var random = SystemRandomNumberGenerator()
        let start = Sample().start
        for number in 0..<5 {
            let time = start.addingTimeInterval(Double(number))
            try await database.appendAudit(
                AuditEntry(
                    id: Identifier(at: time, using: &random), at: time,
                    actor: .init(kind: .user, id: "u\(number % 2)", name: "ä"), address: "192.0.2.1",
                    action: "createAgent", objectKind: number == 0 ? "jobs" : "agents", objectID: "a\(number)",
                    details: "{}"))
        }
        func objects(_ change: (inout AuditFilter) -> Void) async throws -> [String] {
            var filter = AuditFilter()
            change(&filter)
            return try await database.audit(filter, PageRequest()).items.map(\.objectID)
        }
        #expect(try await objects { _ in } == ["a4", "a3", "a2", "a1", "a0"], "newest first")
        #expect(try await objects { $0.objectKind = "jobs" } == ["a0"])
        #expect(try await objects { $0.actorID = "u1" } == ["a3", "a1"])
        #expect(try await objects { $0.objectID = "a2" } == ["a2"])
        #expect(
            try await objects {
                $0.from = start.addingTimeInterval(1)
                $0.to = start.addingTimeInterval(3)
            } == ["a2", "a1"])
        let page = try await database.audit(AuditFilter(), PageRequest(limit: 3))
        let next = try await database.audit(AuditFilter(), PageRequest(limit: 3, cursor: page.nextCursor))
        #expect(page.items.count == 3 && next.items.map(\.objectID) == ["a1", "a0"] && next.nextCursor == nil)
        let first = try await database.audit(AuditFilter(), PageRequest(limit: 2, isOldestFirst: true))
        #expect(first.items.map(\.objectID) == ["a0", "a1"])
        let second = try await database.audit(
            AuditFilter(), PageRequest(limit: 100, cursor: first.nextCursor, isOldestFirst: true))
        #expect(second.items.map(\.objectID) == page.items.map(\.objectID).reversed())
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aRequestWithAKeyIsDoneByOneOfTwo(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let databases = [try await fixture.open(), try await fixture.open()]
        let time = Sample().start
        func reserve(_ database: ControlDatabase, _ body: UInt8, at time: Date) async throws -> IdempotencyOutcome {
            try await database.reserveIdempotency(
                scope: "u op", key: "k", requestHash: [body], at: time, staleBefore: time.addingTimeInterval(-120))
        }
        let outcomes = try await withThrowingTaskGroup(of: IdempotencyOutcome.self) { group in
            for database in databases { group.addTask { try await reserve(database, 1, at: time) } }
            return try await group.reduce(into: [IdempotencyOutcome]()) { $0.append($1) }
        }
        #expect(outcomes.contains(.first) && outcomes.contains(.underway), "\(outcomes)")
        let database = databases[0]
        #expect(try await reserve(database, 2, at: time) == .otherRequest)
        try fixture.sql("UPDATE idempotency_keys SET status = 202, response = '{}'")
        #expect(try await reserve(databases[1], 1, at: time) == .answered(status: 202, response: "{}"))
        func claim(_ time: Date) -> IdempotencyClaim { IdempotencyClaim(scope: "u op", key: "k", begunAt: time) }
        try await database.releaseIdempotency(claim(time))
        #expect(try await reserve(database, 1, at: time) == .answered(status: 202, response: "{}"), "it has its answer")
        #expect(try await reserve(database, 2, at: time.addingTimeInterval(25 * 3600)) == .first, "it was kept a day")
        try await database.releaseIdempotency(claim(time))
        #expect(try await reserve(database, 2, at: time.addingTimeInterval(25 * 3600)) == .underway, "another's")
        try await database.releaseIdempotency(claim(time.addingTimeInterval(25 * 3600)))
        #expect(try await reserve(database, 3, at: time.addingTimeInterval(25 * 3600)) == .first)
        #expect(try await reserve(database, 3, at: time.addingTimeInterval(26 * 3600)) == .first, "its server died")
        try await database.deleteIdempotency(before: time.addingTimeInterval(27 * 3600))
        #expect(try await reserve(database, 4, at: time.addingTimeInterval(26 * 3600)) == .first)
        for database in databases { await database.close() }
    }

    /// Whenever a server dies, a request that is sent again makes no second run, and gets the answer of the first.
    @Test(arguments: DatabaseKind.allCases)
    func anAnswerIsKeptWithWhatItAnswers(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        let time = Sample().start
        func reserve(at time: Date) async throws -> IdempotencyOutcome {
            try await database.reserveIdempotency(
                scope: "u op", key: "k", requestHash: [1], at: time, staleBefore: time.addingTimeInterval(-120))
        }
        func answer(_ begun: Date, _ text: String) -> KeptAnswer {
            KeptAnswer(claim: .init(scope: "u op", key: "k", begunAt: begun), status: 202, response: text)
        }
        // Its server takes too long, and another one has taken the request over.
        #expect(try await reserve(at: time) == .first)
        let later = time.addingTimeInterval(200)
        #expect(try await reserve(at: later) == .first)
        let (slow, quick) = (all.sample.run(all.job), all.sample.run(all.job))
        await #expect(throws: ControlError.self) { try await database.addRun(slow, answering: answer(time, "slow")) }
        #expect(try await database.run(slow.id) == nil)
        try await database.releaseIdempotency(answer(time, "slow").claim)
        try await database.addRun(quick, answering: answer(later, "quick"))
        // And dies before it has said so. The run may have ended since.
        _ = try await database.finish(quick.id, agent: nil, .cancelled, at: later)
        let muchLater = time.addingTimeInterval(2000)
        #expect(try await reserve(at: muchLater) == .answered(status: 202, response: "quick"))
        // What can't be done has no answer.
        let third = all.sample.run(all.job)
        try await database.addRun(slow)
        #expect(try await reserve(at: muchLater.addingTimeInterval(86_400)) == .first)
        await #expect(throws: ControlError.self) {
            try await database.addRun(third, answering: answer(muchLater.addingTimeInterval(86_400), "none"))
        }
        #expect(try await reserve(at: muchLater.addingTimeInterval(86_400)) == .underway)

        let restore = RestoreRecord(
            id: all.sample.runID(), runID: quick.id, agentID: all.agent.id, request: .init(targetID: all.target.id),
            createdAt: time)
        await #expect(throws: ControlError.self) {
            try await database.addRestore(restore, sealedSecret: nil, answering: answer(time, "slow"))
        }
        #expect(try await database.restore(restore.id) == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func settingsAreReplacedAndTakenAway(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        #expect(try await database.setting("a") == nil)
        for value in ["1", "2", nil] {
            try await database.setSetting("a", value)
            #expect(try await database.setting("a") == value)
        }
        await database.close()
    }
}
