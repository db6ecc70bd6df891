import BackupAPI
import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// What the framework refuses by itself, and how.
@Suite struct RequestTests {
    private static let user = #"{"email":"a@example.com","name":"A","role":"viewer","password":"long enough for it"}"#

    @Test func aBodyIsHeldAgainstItsSchemaAndEachFieldIsNamed() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let body = #"{"email":"no address","role":"king","password":"short","extra":1}"#
        let reply = try await server.send("POST", "/v1/users", body, token: owner)
        #expect(reply.status == 400 && reply.error?.code == .validationError)
        #expect(Set(try #require(reply.error?.details).map(\.field)) == ["email", "name", "role", "password", "extra"])
        #expect(reply.error?.traceID.isEmpty == false)
    }

    @Test(arguments: [
        ("{", "application/json", 400), ("[]", "application/json", 400), ("{}", "text/plain", 415),
        (#"{"name":"\u0000"}"#, "application/json", 400), (#"{"name":"a\u0007"}"#, "application/json", 400),
        (#"{"name":7}"#, "application/json", 400), (#"{"name":null}"#, "application/json", 400),
        (String(repeating: "[", count: 100_000), "application/json", 400),
    ])
    func whatIsNoSuchBodyIsRefused(body: String, type: String, status: Int) async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let reply = try await server.send("PATCH", "/v1/me", body, token: owner, type: type)
        #expect(reply.status == status && reply.error?.code == .validationError, "\(reply.body)")
    }

    @Test(arguments: [
        "limit=0", "limit=101", "limit=x", "cursor=zz", "cursor=c3", "cursor=%00", "nonsense=1", "limit=1&limit=2",
        "%zz=1",
    ])
    func aQueryIsHeldAgainstItsSchema(query: String) async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let reply = try await server.send("GET", "/v1/users?\(query)", token: owner)
        #expect(reply.status == 400 && reply.error?.code == .validationError, "\(reply.body)")
    }

    @Test func listsComeInPiecesAndEachThingOnce() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        for number in 0..<7 {
            let body = Self.user.replacing("a@", with: "a\(number)@")
            #expect(try await server.send("POST", "/v1/users", body, token: owner).status == 201)
        }
        var seen: [String] = []
        var cursor: String?
        repeat {
            let query = "limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await server.send("GET", "/v1/users?\(query)", token: owner)
                .document(ListDocument<UserDocument>.self)
            #expect(page.items.count <= 3 && page.hasMore == (page.nextCursor != nil))
            seen += page.items.map(\.email)
            cursor = page.nextCursor
        } while cursor != nil && seen.count < 100
        #expect(seen.count == 8 && Set(seen).count == 8)
    }

    @Test func theSameAddressTwiceIsAConflict() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        #expect(try await server.send("POST", "/v1/users", Self.user, token: owner).status == 201)
        let reply = try await server.send("POST", "/v1/users", Self.user.replacing("a@", with: "A@"), token: owner)
        #expect(reply.status == 409 && reply.error?.code == .conflict)
    }

    @Test func unknownPathsAndMethodsAreTold() async throws {
        let server = try await TestServer()
        for path in ["/v1/nothing", "/v1/users/a/b/c", "/nothing", "/v1/../etc/passwd"] {
            let reply = try await server.send("GET", path)
            #expect(reply.status == 404 && reply.error?.code == .resourceNotFound, "\(path)")
        }
        let reply = try await server.send("PUT", "/v1/users")
        #expect(reply.status == 405)
        #expect(Set(try #require(reply.headers["allow"]).split(separator: ", ")) == ["GET", "HEAD", "POST"])
        let head = try await server.send("HEAD", "/healthz")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(try await server.send("GET", "/healthz").headers["x-content-type-options"] == "nosniff")
    }

    @Test func aGiantBodyIsRefusedBeforeItIsRead() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let giant = #"{"name":"\#(String(repeating: "x", count: 2 << 20))"}"#
        let reply = try await server.send("PATCH", "/v1/me", giant, token: owner)
        #expect(reply.status == 413, "\(reply.body)")
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
    }

    @Test func aBodyThatComesTooSlowlyIsNotWaitedFor() async throws {
        let server = try await TestServer(limits: { $0.bodyDeadline = .milliseconds(300) })
        let connection = try RawConnection(port: server.port)
        defer { connection.close() }
        connection.write(
            "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        // To the end: the connection is closed by the server, too.
        let answer = try #require(connection.readToEnd(), "it is still open")
        #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
    }

    @Test func aTokenHasABudgetOfItsOwn() async throws {
        let server = try await TestServer(limits: { $0.requestsPerMinute = 20 })
        let owner = try await server.owner()
        let other = try await server.login("owner@example.com")
        var statuses: [Int] = []
        for _ in 0..<30 { statuses.append(try await server.send("GET", "/v1/me", token: owner).status) }
        #expect(statuses.filter { $0 == 429 }.count >= 8)
        #expect(try await server.send("GET", "/v1/me", token: other).status == 200)
    }

    @Test func theLimiterForgetsOnlyWhoHasAFullBudget() {
        let limiter = RateLimiter(perMinute: 2, capacity: 100)
        let start = ContinuousClock.now
        for number in 0..<10_000 { _ = limiter.take("\(number)", at: start) }
        #expect(limiter.count <= 101)
        #expect(limiter.take("0", at: start) == nil)
        #expect(limiter.take("0", at: start) != nil, "it was forgotten")
        #expect(limiter.take("new", at: start + .seconds(120)) == nil)
        #expect(limiter.count <= 2)
    }

    @Test func metricsAreAsPrometheusWantsThem() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        _ = try await server.send("GET", "/v1/me", token: owner)
        let text = try await server.send("GET", "/metrics").body
        #expect(text.contains(#"backupy_server_http_requests_total{operation="getMe",status="200"} 1"#))
        let promtool = try #require(try? TestTools.path("promtool"))
        let outcome = try TestProcess.run(promtool, ["check", "metrics"], input: text)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)\(outcome.output)")
    }
}
