import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import HTTPTypes
import Testing

@testable import BackupServer

/// Secrets of every kind are planted, and looked for in everything that the server says: answers, refusals, log, audit, metrics, events.
@Suite struct PlantedSecretTests {
    private static let plant = "pl4nted-7f3a"

    /// Everything that a server has said, but for what is shown once.
    private final class Words {
        let server: TestServer
        let owner: String
        private(set) var texts: [(place: String, text: String)] = []

        init(_ server: TestServer, _ owner: String) {
            self.server = server
            self.owner = owner
        }

        @discardableResult
        func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> TestServer.Reply {
            let reply = try await server.send(method, path, body, token: owner)
            #expect(reply.status < 500, "\(method) \(path): \(reply.body)")
            texts.append(("\(method) \(path)", "\(reply.headers) \(reply.body)"))
            return reply
        }

        func add(_ place: String, _ text: String) { texts.append((place, text)) }
    }

    @Test func whatIsSecretIsSaidNowhere() async throws {
        let sink = try await HTTPSink()
        let server = try await TestServer(deliveryNetworks: ["127.0.0.1/32"])
        let owner = try await server.owner()
        let words = Words(server, owner)
        var secrets = [Self.plant, owner, TestServer.password, "argon2"]
        secrets += try await plantPeople(words)
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self)
        secrets.append(agent.key)
        let ids = try await plantThings(words, agent.agent.id, sink: sink.port)
        try await listen(words, agent.agent.id, ids)
        for secret in secrets {
            for (place, text) in words.texts {
                #expect(!text.contains(secret), "\(secret) in \(place): \(text.prefix(400))")
            }
        }
        #expect(words.texts.count > 60, "it was really looked at")
        // They are there: sealed in the database, and sent where they belong.
        #expect(try sink.requests.contains { $0.path.contains(Self.plant) })
    }

    /// - Returns: further secrets, such as the server has made up.
    private func plantPeople(_ words: Words) async throws -> [String] {
        let body = #"{"email":"a@example.com","name":"A","role":"viewer","password":"\#(Self.plant)-pw"}"#
        let id = try await words.send("POST", "/v1/users", body).document(UserDocument.self).id
        try await words.send("POST", "/v1/users", body)
        try await words.send("POST", "/v1/users", body.replacing("viewer", with: "king"))
        try await words.send("PATCH", "/v1/users/\(id)", #"{"password":"\#(Self.plant)-2"}"#)
        try await words.send("PATCH", "/v1/users/\(id)", #"{"password":7}"#)
        try await words.send("POST", "/v1/auth/login", #"{"email":"a@example.com","password":"\#(Self.plant)-no"}"#)
        // Tokens and the second factor's secret are shown once, and not looked at there.
        let server = words.server
        let token = try await server.send(
            "POST", "/v1/api-tokens", #"{"name":"t","role":"admin"}"#, token: words.owner
        ).document(APITokenDocument.self)
        let session = try await server.login("a@example.com", password: Self.plant + "-2")
        let begun = try await server.send(
            "POST", "/v1/me/2fa/enable", #"{"password":"\#(Self.plant)-2"}"#, token: session)
        let address = try #require(try begun.document(TwoFactorDocument.self).address)
        let secret = try #require(URLComponents(string: address)?.queryItems?.first { $0.name == "secret" }?.value)
        words.add("/v1/me", try await server.send("GET", "/v1/me", token: session).body)
        let wrong = #"{"password":"\#(Self.plant)-2","code":"000000"}"#
        words.add("2fa", try await server.send("POST", "/v1/me/2fa/enable", wrong, token: session).body)
        return [try #require(token.token), session, secret]
    }

    /// - Returns: paths of what was made.
    private func plantThings(_ words: Words, _ agent: String, sink: Int) async throws -> [String] {
        var paths: [String] = []
        func make(_ path: String, _ place: String, _ body: String) async throws {
            let reply = try await words.send("POST", path, body)
            #expect(reply.status == 201, "\(path) \(reply.body)")
            guard case .object(let object)? = reply.json, case .text(let id)? = object["id"] else { return }
            paths.append("\(place)/\(id)")
            // Again, and with a field that can't be: refusals repeat no value of a secret.
            try await words.send("POST", path, body)
            try await words.send("POST", path, body.replacing("{", with: #"{"nonsense":"x","#))
        }
        for (kind, fields) in [
            (
                "email",
                #""host":"127.0.0.1","port":9,"from":"a@b","to":["c@d"],"username":"u","secret":"\#(Self.plant)""#
            ),
            ("telegram", #""chat":"1","secret":"1:\#(Self.plant)""#),
            ("slack", #""secret":"http://127.0.0.1:\#(sink)/status/404/\#(Self.plant)""#),
            ("discord", #""secret":"http://127.0.0.1:9/\#(Self.plant)""#),
            ("webhook", #""url":"http://127.0.0.1:\#(sink)/status/200/hook","secret":"\#(Self.plant)""#),
        ] {
            try await make(
                "/v1/notification-channels", "/v1/notification-channels",
                #"{"name":"\#(kind)","kind":"\#(kind)",\#(fields)}"#)
        }
        try await make(
            "/v1/storage-profiles", "/v1/storage-profiles",
            """
            {"name":"s3","bucket":"b","access_key_id":"AK","secret_access_key":"\(Self.plant)","endpoint":"http://127.0.0.1:9"}
            """)
        try await make(
            "/v1/agents/\(agent)/targets", "/v1/targets",
            #"{"name":"shop","engine":"postgresql","host":"db","password":"\#(Self.plant)"}"#)
        // A target that an agent suggests with a secret that it should not have sent.
        var found = DiscoveredContainer()
        (found.id, found.name, found.databaseType) = ("c1", "cache", "redis")
        found.suggestedTargets = [
            Target(
                id: "", engine: .redis, displayName: "cache", password: .inline(Secret(Self.plant)), containerID: "c")
        ]
        try await Discoveries(agents: words.server.server.database).took([found], from: .init(agent))
        try await words.send("POST", "/v1/agents/\(agent)/protect", #"{"container_id":"c1"}"#)
        return paths
    }

    private func listen(_ words: Words, _ agent: String, _ paths: [String]) async throws {
        let server = words.server
        for path in paths {
            try await words.send("PATCH", path, #"{"name":"renamed \#(path.suffix(8))"}"#)
            try await words.send("PATCH", path, #"{"secret":7,"password":7,"secret_access_key":7}"#)
            try await words.send("POST", path + (path.contains("targets") ? "/test-connection" : "/test"))
        }
        let database = server.server.database
        try await database.addNotice(Notice(.runFailed, "t", [], at: Date(), dedupKey: "1"))
        try await eventually("the channels were tried") {
            try await database.channels(PageRequest()).items.count { !$0.lastError.isEmpty || $0.lastSentAt != nil }
                == 5
        }
        // Each list there is.
        for endpoint in server.server.table.endpoints
        where endpoint.method == .get && endpoint.operation != "listenEvents" {
            try await words.send(
                "GET", endpoint.path.replacing("{id}", with: agent).replacing("{slug}", with: "status"))
        }
        for event in try await database.events(after: 0, limit: 1000) { words.add("event", event.event.data) }
        words.add("log", server.log.words)
    }
}
