import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// Channels and preferences over the API.
@Suite struct ChannelRouteTests {
    static let kinds: [(kind: String, fields: String)] = [
        (
            "email",
            #""host":"mail.test","from":"a@example.com","to":["b@example.com"],"username":"u","secret":"pl4nted-pw""#
        ),
        ("telegram", #""chat":"-100","secret":"1234:pl4nted-bot""#),
        ("slack", #""secret":"https://hooks.example.com/pl4nted""#),
        ("discord", #""secret":"https://discord.example.com/api/pl4nted""#),
        ("webhook", #""url":"https://hooks.example.com/x","secret":"pl4nted-hook""#),
    ]

    private func make(_ server: TestServer, _ owner: String, _ kind: String, _ fields: String) async throws
        -> TestServer.Reply
    {
        try await server.send(
            "POST", "/v1/notification-channels", #"{"name":"\#(kind)","kind":"\#(kind)",\#(fields)}"#, token: owner)
    }

    @Test func everyKindIsMadeAndKeepsItsSecret() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        var texts: [String] = []
        for (kind, fields) in Self.kinds {
            let reply = try await make(server, owner, kind, fields)
            #expect(reply.status == 201, "\(reply.body)")
            let channel = try reply.document(ChannelDocument.self)
            #expect(channel.kind == kind && channel.hasSecret && channel.isEnabled && channel.muted.isEmpty)
            let stored = try #require(try await server.server.database.channel(.init(channel.id)))
            let secret = try server.server.keys.open(
                try #require(stored.sealedSecret), for: ChannelRecord.secretPlace(stored.id))
            #expect(secret.revealed.contains("pl4nted"))
            #expect(try await make(server, owner, kind, fields).status == 409, "the name is taken")
            texts.append(reply.body)
        }
        let list = try await server.send("GET", "/v1/notification-channels", token: owner)
        let items = try list.document(ListDocument<ChannelDocument>.self).items
        #expect(items.map(\.kind) == Self.kinds.map(\.kind))
        #expect(items[0].settings.host == "mail.test" && items[0].settings.port == 587)
        texts += [list.body, try await server.send("GET", "/v1/audit-log/export", token: owner).body, server.log.words]
        for text in texts { #expect(!text.contains("pl4nted"), "\(text.prefix(500))") }
        let path = "/v1/notification-channels/\(items[2].id)"
        #expect(try await server.send("DELETE", path, token: owner).status == 204)
        #expect(try await server.send("DELETE", path, token: owner).status == 404)
    }

    @Test(arguments: [
        ("email", #""from":"a@b","to":["c@d"]"#, 400, "host"),
        ("email", #""host":"h","from":"a@b","to":[]"#, 400, "to"),
        ("email", #""host":"h","from":"a@b","to":["c@d"],"security":"none","username":"u""#, 409, ""),
        ("telegram", #""chat":"a b","secret":"1:a""#, 400, "chat"),
        ("telegram", #""chat":"1","secret":"../x""#, 400, "secret"),
        ("slack", #""secret":"not an address""#, 400, "secret"), ("slack", #""url":"https://h/""#, 400, "secret"),
        ("webhook", #""url":"https://u:p@h/","secret":"s""#, 400, "url"),
        ("webhook", #""url":"https://h:99999/","secret":"s""#, 400, "url"),
        ("pager", #""secret":"x""#, 400, "kind"),
    ])
    func whatCantBeIsRefused(_ kind: String, _ fields: String, _ status: Int, _ field: String) async throws {
        let server = try await TestServer()
        let reply = try await make(server, try await server.owner(), kind, fields)
        #expect(reply.status == status && reply.error?.details.first?.field ?? "" == field, "\(reply.body)")
    }

    @Test func aStoredPasswordGoesToNoOtherServer() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let channel = try await make(server, owner, "email", Self.kinds[0].fields).document(ChannelDocument.self)
        let path = "/v1/notification-channels/\(channel.id)"
        for change in [#"{"host":"evil.test"}"#, #"{"port":25}"#, #"{"ca_certificate":"x"}"#, #"{"security":"none"}"#] {
            #expect(try await server.send("PATCH", path, change, token: owner).status == 409, "\(change)")
        }
        #expect(
            try await server.send("PATCH", path, #"{"chat":"1"}"#, token: owner).status == 409, "no such field of it")
        let moved = #"{"host":"mail2.test","secret":"another","muted":["agent_online"],"to":["x@example.com"]}"#
        let changed = try await server.send("PATCH", path, moved, token: owner)
        let document = try changed.document(ChannelDocument.self)
        #expect(document.settings.host == "mail2.test" && document.settings.to == ["x@example.com"])
        #expect(document.muted == ["agent_online"] && document.settings.username == "u")
    }

    @Test func aTestIsReallySentAndSaysWhatThePeerSaid() async throws {
        let sink = try await HTTPSink()
        let server = try await TestServer(deliveryNetworks: ["127.0.0.1/32"])
        let owner = try await server.owner()
        for (name, status) in [("good", 200), ("bad", 404)] {
            let body = """
                {"name":"\(name)","kind":"webhook","url":"http://127.0.0.1:\(sink.port)/status/\(status)","secret":"s"}
                """
            let channel = try await server.send("POST", "/v1/notification-channels", body, token: owner)
                .document(ChannelDocument.self)
            let reply = try await server.send("POST", "/v1/notification-channels/\(channel.id)/test", token: owner)
            let test = try reply.document(ChannelTestDocument.self)
            #expect(test.isSent == (status == 200), "\(reply.body)")
            #expect(test.error?.code == (status == 200 ? nil : "delivery.refused"))
            #expect(test.error?.message.contains("404") ?? true)
        }
        #expect(try sink.requests.map(\.path) == ["/status/200", "/status/404"])
        #expect(try sink.requests.allSatisfy { $0.body.contains(#""kind":"test""#) })
    }

    @Test func aTestDoesNotReachTheServersOwnNetwork() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let body = #"{"name":"x","kind":"webhook","url":"http://127.0.0.1:\#(server.port)/healthz","secret":"s"}"#
        let channel = try await server.send("POST", "/v1/notification-channels", body, token: owner)
            .document(ChannelDocument.self)
        let reply = try await server.send("POST", "/v1/notification-channels/\(channel.id)/test", token: owner)
        #expect(try reply.document(ChannelTestDocument.self).error?.code == "delivery.forbidden_address")
    }

    @Test func whatIsTurnedOffIsToldNowhere() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let channel = try await make(server, owner, "webhook", Self.kinds[4].fields).document(ChannelDocument.self)
        let path = "/v1/notification-preferences"
        let all = try await server.send("GET", path, token: owner).document(PreferencesDocument.self)
        #expect(all.isTold == Dictionary(uniqueKeysWithValues: ChannelSchema.kinds.map { ($0, true) }))
        #expect(Set(ChannelSchema.kinds) == Set(Notice.Kind.allCases.map(\.rawValue)).subtracting(["test"]))
        let changed = try await server.send("PATCH", path, #"{"agent_online":false,"run_failed":true}"#, token: owner)
        #expect(try changed.document(PreferencesDocument.self).isTold.filter { !$0.value } == ["agent_online": false])
        #expect(try await server.send("PATCH", path, #"{"nonsense":true}"#, token: owner).status == 400)
        let database = server.server.database
        try await database.addNotice(Notice(.agentOnline, "back", [], at: Date(), dedupKey: "1"))
        #expect(try await database.nextDeliveryAt() == nil)
        try await database.addNotice(Notice(.agentOffline, "gone", [], at: Date(), dedupKey: "2"))
        try await eventually("it is tried") { try await database.channel(.init(channel.id))?.lastError != "" }
        try await server.send("PATCH", path, #"{"agent_online":true}"#, token: owner)
        #expect(try await server.send("GET", path, token: owner).document(PreferencesDocument.self) == all)
    }
}
