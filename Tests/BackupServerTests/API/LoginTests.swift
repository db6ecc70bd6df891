import BackupAPI
import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

@Suite struct LoginTests {
    private func attempt(_ server: TestServer, _ email: String, _ password: String, from address: String? = nil)
        async throws -> TestServer.Reply
    {
        try await server.send(
            "POST", "/v1/auth/login", #"{"email":"\#(email)","password":"\#(password)"}"#,
            headers: address.map { [("X-Forwarded-For", $0)] } ?? [])
    }

    private func setUp(_ server: TestServer, _ token: Secret, _ email: String = "a@example.com") async throws -> Int {
        try await server.send(
            "POST", "/v1/auth/setup",
            #"{"token":"\#(token.revealed)","email":"\#(email)","name":"A","password":"long enough for it"}"#
        ).status
    }

    @Test func anyTokenOfTheFirstStartsMakesOneOwner() async throws {
        let server = try await TestServer()
        let old = try #require(try await server.server.setupToken())
        let new = try #require(try await server.server.setupToken())
        #expect(try await setUp(server, Secret("bks_other")) == 401)
        #expect(try await setUp(server, old) == 201)
        #expect(try await setUp(server, old) == 401)
        #expect(try await setUp(server, new) == 401)
        #expect(try await server.server.setupToken() == nil)
    }

    /// Replicas of one deployment, each with a link of its own, which are used at the same moment.
    @Test func ofTwoServersOneMakesTheOwner() async throws {
        let database = try await PostgreSQLServer()
        try database.createDatabase("control")
        let folder = try TemporaryFolder()
        let address = Secret(database.url("control"))
        let servers = [
            try await TestServer(database: address, folder: folder),
            try await TestServer(database: address, folder: folder),
        ]
        var tokens: [Secret] = []
        for server in servers + servers + servers { tokens.append(try #require(try await server.server.setupToken())) }
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for (number, token) in tokens.enumerated() {
                // At the one that did not print it.
                let server = servers[(number + 1) % 2]
                group.addTask { try await setUp(server, token, "\(number)@example.com") }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(answers.sorted() == [201, 401, 401, 401, 401, 401])
        #expect(try database.sql("SELECT count(*) FROM users WHERE role = 'owner'", in: "control") == "1")
    }

    @Test func whoIsUnknownGetsTheAnswerOfAWrongPassword() async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        let unknown = try await attempt(server, "nobody@example.com", "wrong")
        let wrong = try await attempt(server, "owner@example.com", "wrong")
        #expect(unknown.status == 401 && wrong.status == 401)
        #expect(unknown.error?.message == wrong.error?.message)
        #expect(unknown.error?.code == .authFailed)
    }

    @Test func guessesFromOneAddressAreBoundedAndOthersAreServed() async throws {
        let server = try await TestServer(limits: { $0.loginsPerMinute = 5 }, trustedProxies: ["127.0.0.1"])
        _ = try await server.owner()
        var statuses: [Int] = []
        for _ in 0..<40 { statuses.append(try await attempt(server, "x@example.com", "g", from: "203.0.113.9").status) }
        #expect(statuses.filter { $0 == 401 }.count <= 6)
        let last = try await attempt(server, "x@example.com", "g", from: "203.0.113.9")
        #expect(last.status == 429 && last.error?.code == .rateLimited)
        #expect(try #require(Int(last.headers["retry-after"] ?? "")) >= 1)
        #expect(try await attempt(server, "owner@example.com", TestServer.password, from: "203.0.113.10").status == 200)
    }

    @Test func guessesOfOneAccountFromManyAddressesAreBounded() async throws {
        let server = try await TestServer(trustedProxies: ["127.0.0.1"])
        _ = try await server.owner()
        var refused = 0
        for number in 0..<30 {
            let reply = try await attempt(server, "victim@example.com", "g", from: "198.51.100.\(number)")
            if reply.status == 429 { refused += 1 }
        }
        #expect(refused >= 18)
        #expect(try await attempt(server, "owner@example.com", TestServer.password, from: "198.51.100.1").status == 200)
    }

    @Test func aForwardedAddressCountsOnlyBehindATrustedProxy() async throws {
        let server = try await TestServer(limits: { $0.loginsPerMinute = 5 })
        var statuses: [Int] = []
        for number in 0..<12 {
            statuses.append(
                try await attempt(server, "x\(number)@example.com", "g", from: "203.0.113.\(number)").status)
        }
        #expect(statuses.contains(429))
    }

    @Test func aSecondFactorIsAskedForAndItsCodesAreTakenOnce() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let password = #""password":"\#(TestServer.password)""#
        let begun = try await server.send("POST", "/v1/me/2fa/enable", "{\(password)}", token: owner)
        let address = try #require(try begun.document(TwoFactorDocument.self).address)
        let secret = try #require(address.firstMatch(of: /secret=([A-Z2-7]+)/)).1
        let now = Int64(Date().timeIntervalSince1970 / 30)
        func code(_ step: Int64) -> String { OneTimeCode.code(at: step, SecretBytes(Self.bytes(String(secret)))) }
        let wrong = try await server.send(
            "POST", "/v1/me/2fa/enable", "{\(password),\"code\":\"000000\"}", token: owner)
        #expect(wrong.status == 400 || code(now) == "000000")
        let on = try await server.send(
            "POST", "/v1/me/2fa/enable", "{\(password),\"code\":\"\(code(now))\"}", token: owner)
        #expect(on.status == 200, "\(on.body)")
        #expect(try await attempt(server, "owner@example.com", TestServer.password).status == 401)
        await #expect(throws: TestFailure.self, "it was taken before") {
            try await server.login("owner@example.com", code: code(now))
        }
        _ = try await server.login("owner@example.com", code: code(now + 1))
        await #expect(throws: TestFailure.self) { try await server.login("owner@example.com", code: code(now + 1)) }
    }

    private static func bytes(_ base32: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = base32.flatMap { character -> [Bool] in
            let value = alphabet.firstIndex(of: character) ?? 0
            return (0..<5).reversed().map { value >> $0 & 1 == 1 }
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    @Test func aNewPasswordEndsTheOtherSessions() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let other = try await server.login("owner@example.com")
        let change = #"{"password":"another long one","current_password":"\#(TestServer.password)"}"#
        #expect(
            try await server.send("PATCH", "/v1/me", #"{"password":"another long one"}"#, token: owner).status == 403)
        #expect(try await server.send("PATCH", "/v1/me", change, token: owner).status == 200)
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
        #expect(try await server.send("GET", "/v1/me", token: other).status == 401)
        #expect(try await server.send("POST", "/v1/auth/logout", token: owner).status == 204)
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 401)
    }

    @Test func theCodesAreThoseOfTheRFC() {
        // RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
        let secret = SecretBytes(Array("12345678901234567890".utf8))
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] as [(Int64, String)]
        {
            #expect(OneTimeCode.code(at: time / 30, secret) == code)
        }
    }
}
