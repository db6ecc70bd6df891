internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// Where notices go, and which.
package struct ChannelRoutes: Sendable {
    let channels: any NoticeStore
    let sender: ChannelSender
    let keys: any SecretSealing

    package init(channels: any NoticeStore, sender: ChannelSender, keys: any SecretSealing) {
        self.channels = channels
        self.sender = sender
        self.keys = keys
    }

    package var endpoints: [Endpoint] { list + one + preferences }

    private var list: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/notification-channels", "listChannels", "All channels.", tag: "notifications",
                may: .role(.operator), query: QueryParameter.page, answers: [.ok(ListDocument<ChannelDocument>.self)]
            ) { call in
                let page = try await channels.channels(call.page)
                return try .list(page.items.map { ChannelDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/notification-channels", "createChannel", "Add a channel.", tag: "notifications",
                may: .role(.admin), body: NewChannel.self, answers: [.created(ChannelDocument.self), .conflict],
                handler: create),
        ]
    }

    private var one: [Endpoint] {
        [
            Endpoint(
                .patch, "/v1/notification-channels/{id}", "updateChannel", "Change a channel.", tag: "notifications",
                may: .role(.admin), body: ChannelChange.self, answers: [.ok(ChannelDocument.self), .conflict]
            ) { call in
                var channel = try await channel(call)
                try ChannelEdit(keys: keys).apply(try call.document(), to: &channel)
                try await channels.updateChannel(channel)
                return try .json(ChannelDocument(channel))
            },
            Endpoint(
                .delete, "/v1/notification-channels/{id}", "deleteChannel",
                "Take a channel away, with what waits for it.", tag: "notifications", may: .role(.admin),
                answers: [.noContent]
            ) { call in
                try await channels.deleteChannel(try await channel(call).id)
                return .noContent
            },
            Endpoint(
                .post, "/v1/notification-channels/{id}/test", "testChannel", "Send a test there now.",
                tag: "notifications", may: .role(.admin), answers: [.ok(ChannelTestDocument.self)], handler: test),
        ]
    }

    private var preferences: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/notification-preferences", "getPreferences", "What people are told of.",
                tag: "notifications", may: .role(.viewer), answers: [.ok(PreferencesDocument.self)]
            ) { _ in try await answerPreferences() },
            Endpoint(
                .patch, "/v1/notification-preferences", "updatePreferences", "Change what people are told of.",
                tag: "notifications", may: .role(.admin), body: PreferencesChange.self,
                answers: [.ok(PreferencesDocument.self)], handler: updatePreferences),
        ]
    }

    // MARK: Handlers

    private func channel(_ call: APICall) async throws -> ChannelRecord {
        let id = try call.id(ChannelRecord.self)
        guard let channel = try await channels.channel(id) else { throw APIError.notFound("channel \(id)") }
        return channel
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewChannel = try call.document()
        var random = SystemRandomNumberGenerator()
        let channel = try ChannelEdit(keys: keys).channel(
            request, id: Identifier(at: call.now, using: &random), at: call.now)
        try await channels.addChannel(channel)
        call.audit.concerns(channel.id.string, name: channel.name)
        return try .json(ChannelDocument(channel), .created)
    }

    private func test(_ call: APICall) async throws -> Answer {
        do {
            try await sender.test(try await channel(call))
            return try .json(ChannelTestDocument(isSent: true, error: nil))
        } catch let error as DeliveryError {
            return try .json(ChannelTestDocument(isSent: false, error: FailureDocument(error)))
        }
    }

    private func updatePreferences(_ call: APICall) async throws -> Answer {
        let change: PreferencesChange = try call.document()
        var muted = try await channels.mutedKinds()
        for (word, isTold) in change.isTold {
            guard let kind = Notice.Kind(rawValue: word) else { continue }
            if isTold { muted.remove(kind) } else { muted.insert(kind) }
        }
        try await channels.setMutedKinds(muted)
        return try await answerPreferences()
    }

    private func answerPreferences() async throws -> Answer {
        let muted = Set(try await channels.mutedKinds().map(\.rawValue))
        let flags = ChannelSchema.kinds.map { ($0, !muted.contains($0)) }
        return try .json(PreferencesDocument(isTold: Dictionary(uniqueKeysWithValues: flags)))
    }
}
