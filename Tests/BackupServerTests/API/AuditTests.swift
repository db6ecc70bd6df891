import BackupAPI
import BackupServer
import BackupTestSupport
import Foundation
import Testing

@Suite struct AuditTests {
    @Test func everyChangeIsWrittenDownWithWhoAndFromWhere() async throws {
        let server = try await TestServer(trustedProxies: ["127.0.0.1"])
        let owner = try await server.owner()
        let body = #"{"email":"a@example.com","name":"A","role":"viewer","password":"long enough for it"}"#
        let made = try await server.send(
            "POST", "/v1/users", body, token: owner, headers: [("X-Forwarded-For", "203.0.113.7")])
        let id = try made.document(UserDocument.self).id
        try await server.send("DELETE", "/v1/users/\(id)", token: owner)
        let log = try await server.send("GET", "/v1/audit-log", token: owner)
            .document(ListDocument<AuditDocument>.self).items
        #expect(log.map(\.action) == ["deleteUser", "createUser", "logIn", "setUp"])
        let entry = try #require(log.first { $0.action == "createUser" })
        #expect(entry.actorName == "owner@example.com" && entry.address == "203.0.113.7" && entry.objectID == id)
        #expect(entry.details.contains(#""fields":["email","name","password","role"]"#))
    }

    @Test func whatIsWatchedAndToldIsWrittenDownToo() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let agent = try await server.send("POST", "/v1/agents", #"{"name":"web"}"#, token: owner)
            .document(AgentKeyDocument.self).agent
        let check = try await server.send(
            "POST", "/v1/health-checks", #"{"agent_id":"\#(agent.id)","name":"c","kind":"tcp","target":"db:1"}"#,
            token: owner
        ).document(HealthCheckDocument.self)
        let channel = try await server.send(
            "POST", "/v1/notification-channels",
            #"{"name":"h","kind":"webhook","url":"http://127.0.0.1:9/","secret":"s"}"#, token: owner
        ).document(ChannelDocument.self)
        let incident = try await server.send("POST", "/v1/status-page/incidents", #"{"title":"t"}"#, token: owner)
            .document(IncidentDocument.self)
        let changes: [(String, String, String?)] = [
            ("PATCH", "/v1/health-checks/\(check.id)", #"{"interval_s":30}"#),
            ("DELETE", "/v1/health-checks/\(check.id)", nil),
            ("POST", "/v1/notification-channels/\(channel.id)/test", nil),
            ("PATCH", "/v1/notification-channels/\(channel.id)", #"{"secret":"x"}"#),
            ("DELETE", "/v1/notification-channels/\(channel.id)", nil),
            ("PATCH", "/v1/notification-preferences", #"{"check_up":false}"#),
            ("PATCH", "/v1/status-page", #"{"title":"Ours"}"#),
            ("PATCH", "/v1/incidents/\(incident.id)", #"{"status":"resolved"}"#),
        ]
        for (method, path, body) in changes {
            #expect(try await server.send(method, path, body, token: owner).status < 300, "\(method) \(path)")
        }
        let log = try await server.send("GET", "/v1/audit-log", token: owner)
            .document(ListDocument<AuditDocument>.self).items
        #expect(
            log.prefix(11).reversed().map(\.action) == [
                "createHealthCheck", "createChannel", "createIncident", "updateHealthCheck", "deleteHealthCheck",
                "testChannel", "updateChannel", "deleteChannel", "updatePreferences", "updateStatusPage",
                "updateIncident",
            ])
        #expect(log.filter { $0.objectID == channel.id }.count == 4)
        #expect(log.first { $0.action == "updateChannel" }?.details.contains(#""fields":["secret"]"#) == true)
    }

    @Test func secretsAreNowhereButWhereTheyAreShownOnce() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let planted = "planted-secret-7f3a"
        let body = #"{"email":"a@example.com","name":"A","role":"viewer","password":"\#(planted)"}"#
        let id = try await server.send("POST", "/v1/users", body, token: owner).document(UserDocument.self).id
        let bad = body.replacing("viewer", with: "king")
        try await server.send("POST", "/v1/users", bad, token: owner)
        try await server.send("PATCH", "/v1/users/\(id)", #"{"password":"\#(planted)-2"}"#, token: owner)
        try await server.send("POST", "/v1/auth/login", #"{"email":"a@example.com","password":"\#(planted)"}"#)
        let token = try await server.send("POST", "/v1/api-tokens", #"{"name":"t","role":"admin"}"#, token: owner)
            .document(APITokenDocument.self)
        let shown = try #require(token.token)
        var texts = [server.log.words]
        for path in ["/v1/users", "/v1/me", "/v1/api-tokens", "/v1/audit-log", "/v1/audit-log/export", "/metrics"] {
            texts.append(try await server.send("GET", path, token: owner).body)
        }
        for secret in [planted, shown, owner, TestServer.password, "argon2"] {
            for text in texts { #expect(!text.contains(secret), "\(secret) in \(text.prefix(300))") }
        }
    }

    @Test func theExportIsCSVThatNoSpreadsheetTakesForFormulas() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        for number in 0..<120 {
            let name = #"=HYPERLINK(\"http://evil\",\"x\#(number)\")"#
            try await server.send("POST", "/v1/api-tokens", #"{"name":"\#(name)","role":"viewer"}"#, token: owner)
        }
        try await server.send("POST", "/v1/auth/login", #"{"email":"-2@example.com","password":"x"}"#)
        let reply = try await server.send("GET", "/v1/audit-log/export", token: owner)
        #expect(reply.headers["content-type"] == "text/csv")
        let lines = reply.body.split(separator: "\r\n")
        #expect(lines.count == 124)
        #expect(reply.body.contains(#","'-2@example.com","#), "a login that failed is written down")
        for start in ["=", "+", "-", "@"] where reply.body.contains(",\"\(start)") {
            Issue.record("a field begins with \(start)")
        }
    }
}
