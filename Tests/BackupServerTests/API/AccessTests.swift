import BackupAPI
import BackupControl
import BackupServer
import BackupTestSupport
import Foundation
import HTTPTypes
import Testing

/// Who may do what: every route against every role.
@Suite struct AccessTests {
    /// The least role that each operation needs. A new route without a row here fails.
    static let table: [String: String] = [
        "getHealth": "open", "getReadiness": "open", "getMetrics": "open", "setUp": "open", "logIn": "open",
        "logOut": "session", "getMe": "viewer", "updateMe": "session", "enableTwoFactor": "session",
        "disableTwoFactor": "session", "listUsers": "admin", "createUser": "session, admin",
        "updateUser": "session, admin", "deleteUser": "session, admin", "listTokens": "viewer",
        "createToken": "session", "deleteToken": "viewer",
        "listAudit": "admin", "exportAudit": "admin", "listenEvents": "viewer",
        "listAgents": "viewer", "createAgent": "operator", "getAgent": "viewer", "updateAgent": "operator",
        "deleteAgent": "admin", "rotateAgentKey": "admin", "getAgentConfig": "viewer", "updateAgentConfig": "operator",
        "getDiscovered": "viewer", "getAgentMetrics": "viewer", "listTargets": "viewer", "createTarget": "operator",
        "updateTarget": "operator", "deleteTarget": "operator", "testTarget": "operator", "listJobs": "viewer",
        "createJob": "operator", "getJob": "viewer", "updateJob": "operator", "deleteJob": "operator",
        "runJob": "operator", "listRuns": "viewer", "getRun": "viewer", "listRunLogs": "viewer",
        "getDownloadURL": "operator", "cancelRun": "operator", "createDecryptionToken": "admin", "deleteRun": "admin",
        "createRestore": "operator", "listRestores": "viewer", "getRestore": "viewer", "listStorage": "viewer",
        "getStorageUsage": "viewer", "createStorage": "admin", "updateStorage": "admin", "deleteStorage": "admin",
        "testStorage": "admin", "getOverview": "viewer", "protectDatabase": "operator", "keepRun": "operator",
        "previewRetention": "viewer", "approveRetention": "admin", "listHealthChecks": "viewer",
        "createHealthCheck": "operator", "updateHealthCheck": "operator", "deleteHealthCheck": "operator",
        "listHealthResults": "viewer", "getUptime": "viewer", "listChannels": "operator", "createChannel": "admin",
        "updateChannel": "admin", "deleteChannel": "admin", "testChannel": "admin", "getPreferences": "viewer",
        "updatePreferences": "admin", "getStatusPage": "viewer", "updateStatusPage": "admin",
        "listIncidents": "viewer", "createIncident": "operator", "updateIncident": "operator",
        "getPublicStatus": "open", "getStatusFeed": "open",
    ]

    private static func words(_ permission: Endpoint.Permission) -> String {
        switch permission {
        case .open: "open"
        case .session: "session"
        case .role(let role): role.rawValue
        case .person(let role): "session, \(role.rawValue)"
        }
    }

    @Test func everyRouteIsInTheTableAndSaysWhatTheTableSays() async throws {
        let endpoints = try await TestServer().server.table.endpoints
        #expect(Set(endpoints.map(\.operation)) == Set(Self.table.keys))
        for endpoint in endpoints {
            #expect(Self.words(endpoint.permission) == Self.table[endpoint.operation], "\(endpoint.operation)")
        }
        #expect(Set(endpoints.map(\.operation)).count == endpoints.count)
    }

    @Test func everyRouteKeepsOutWhoeverMayNot() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        var sessions: [Role: String] = [.owner: owner]
        var tokens: [Role: String] = [:]
        for role in [Role.viewer, .operator, .admin] {
            sessions[role] = try await server.person(role.rawValue, by: owner).session
        }
        for role in Role.allCases {
            let reply = try await server.send(
                "POST", "/v1/api-tokens", #"{"name":"t","role":"\#(role.rawValue)"}"#, token: owner)
            let token = try #require(try reply.document(APITokenDocument.self).token)
            tokens[role] = token
        }
        for endpoint in server.server.table.endpoints where endpoint.permission != .open {
            let path = endpoint.path.replacing("{id}", with: "nothing")
            let method = endpoint.method.rawValue
            #expect(try await server.send(method, path).status == 401, "\(method) \(path)")
            #expect(
                try await server.send(method, path, token: "bkt_" + String(repeating: "a", count: 52)).status == 401)
            let least: Role
            var bearers = [sessions, tokens]
            switch endpoint.permission {
            case .role(let role): least = role
            case .open, .session, .person:
                let reply = try await server.send(method, path, token: tokens[.owner])
                #expect(reply.status == 403 && reply.error?.code == .permissionDenied, "\(method) \(path)")
                guard case .person(let role) = endpoint.permission else { continue }
                (least, bearers) = (role, [sessions])
            }
            // Whoever may listen would listen for ever.
            for role in Role.allCases where endpoint.operation != "listenEvents" || role < least {
                for token in bearers.map({ $0[role] }) {
                    let reply = try await server.send(method, path, token: token)
                    #expect((reply.status == 403) == (role < least), "\(role) \(method) \(path): \(reply.body)")
                    #expect(reply.status != 401)
                }
            }
        }
    }

    @Test func nobodySeesOrTakesAwayTheTokensOfOthers() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let reply = try await server.send("POST", "/v1/api-tokens", #"{"name":"t","role":"viewer"}"#, token: owner)
        let token = try reply.document(APITokenDocument.self)
        let other = try await server.person("admin", by: owner).session
        #expect(try await server.send("DELETE", "/v1/api-tokens/\(token.id)", token: other).status == 404)
        let list = try await server.send("GET", "/v1/api-tokens", token: other)
        #expect(try list.document(ListDocument<APITokenDocument>.self).items.isEmpty)
        #expect(try await server.send("GET", "/v1/me", token: token.token).status == 200)
        #expect(try await server.send("DELETE", "/v1/api-tokens/\(token.id)", token: owner).status == 204)
        #expect(try await server.send("GET", "/v1/me", token: token.token).status == 401)
    }

    @Test func onesOwnPasswordNeedsThePasswordThatIs() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let admin = try await server.person("admin", by: owner)
        let change = #"{"password":"a password of somebody else"}"#
        #expect(try await server.send("PATCH", "/v1/users/\(admin.id)", change, token: admin.session).status == 403)
        for (method, path, body, field) in [
            ("PATCH", "/v1/me", change, "current_password"),
            ("PATCH", "/v1/me", #"{"password":"long enough for it","current_password":"wrong"}"#, "current_password"),
            ("POST", "/v1/me/2fa/enable", #"{"password":"wrong"}"#, "password"),
        ] {
            let reply = try await server.send(method, path, body, token: admin.session)
            #expect(reply.status == 403 && reply.body.contains("PERMISSION_DENIED"), "\(reply.body)")
            #expect(reply.body.contains(#""field":"\#(field)""#), "\(reply.body)")
        }
        #expect(try await server.send("PATCH", "/v1/users/\(admin.id)", change, token: owner).status == 200)
    }

    @Test func aRoleAboveOnesOwnIsNotGiven() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let admin = try await server.person("admin", by: owner)
        let me = try await server.send("GET", "/v1/me", token: owner).document(UserDocument.self)
        let newOwner = #"{"email":"x@example.com","name":"X","role":"owner","password":"long enough for it"}"#
        #expect(try await server.send("POST", "/v1/users", newOwner, token: admin.session).status == 403)
        #expect(try await server.send("DELETE", "/v1/users/\(me.id)", token: admin.session).status == 403)
        let raise = #"{"role":"owner"}"#
        #expect(try await server.send("PATCH", "/v1/users/\(admin.id)", raise, token: admin.session).status == 403)
        let token = #"{"name":"t","role":"owner"}"#
        #expect(try await server.send("POST", "/v1/api-tokens", token, token: admin.session).status == 403)
    }

    @Test func theLastOwnerStays() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let me = try await server.send("GET", "/v1/me", token: owner).document(UserDocument.self)
        for change in [#"{"role":"admin"}"#, #"{"is_disabled":true}"#] {
            let reply = try await server.send("PATCH", "/v1/users/\(me.id)", change, token: owner)
            #expect(reply.status == 409 && reply.error?.code == .conflict, "\(reply.body)")
        }
        #expect(try await server.send("DELETE", "/v1/users/\(me.id)", token: owner).status == 409)
        _ = try await server.person("owner", by: owner)
        #expect(try await server.send("DELETE", "/v1/users/\(me.id)", token: owner).status == 204)
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 401)
    }

    @Test func aCookieNeedsTheTokenBesideItForEachChange() async throws {
        let server = try await TestServer(publicURL: "https://backup.example.com")
        _ = try await server.owner()
        let body = #"{"email":"owner@example.com","password":"\#(TestServer.password)","use_cookie":true}"#
        let reply = try await server.send("POST", "/v1/auth/login", body)
        let cookie = try #require(reply.headers["set-cookie"])
        for part in ["HttpOnly", "SameSite=Strict", "Secure"] { #expect(cookie.contains(part)) }
        let login = try reply.document(LoginDocument.self)
        #expect(login.token == nil)
        let pair = ("Cookie", String(cookie.prefix { $0 != ";" }))
        #expect(try await server.send("GET", "/v1/me", headers: [pair]).status == 200)
        let change = #"{"name":"New"}"#
        for wrong in [[pair], [pair, ("X-CSRF-Token", "")], [pair, ("X-CSRF-Token", "guess")]] {
            #expect(try await server.send("PATCH", "/v1/me", change, headers: wrong).status == 403)
        }
        let right = [pair, ("X-CSRF-Token", login.csrfToken)]
        #expect(try await server.send("PATCH", "/v1/me", change, headers: right).status == 200)
    }
}
