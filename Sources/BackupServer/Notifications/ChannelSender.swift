package import BackupControl
internal import BackupCore
package import FoundationEssentials

/// Sends notices to channels of every kind.
package struct ChannelSender: NoticeSender {
    /// Characters that the services take of one message.
    private static let longestText = (telegram: 4000, slack: 3900, discord: 1900)

    private let keys: any SecretSealing
    private let client: GuardedClient
    private let mail: MailSender
    private let telegram: String
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - caFile: of the authority for HTTPS, in PEM; nil for the system's.
    ///   - telegram: where Telegram's API is.
    package init(
        keys: any SecretSealing, addresses: AddressGuard, caFile: String? = nil,
        telegram: String = "https://api.telegram.org", now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.keys = keys
        self.telegram = telegram
        self.now = now
        client = GuardedClient(addresses: addresses, caFile: caFile)
        mail = MailSender(addresses: addresses)
    }

    /// Tries a channel.
    package func test(_ channel: ChannelRecord) async throws {
        try await send(.test(channel, at: now()), to: channel)
    }

    package func send(_ notice: Notice, to channel: ChannelRecord) async throws {
        do { try channel.check() } catch { throw DeliveryError.badChannel(error.message) }
        switch channel.place {
        case .email(let email):
            try await mail.send(
                MailMessage(notice, email).text, email, password: email.username.isEmpty ? nil : try secret(channel))
        case .telegram(let chat):
            let token = try secret(channel).revealed
            guard token.wholeMatch(of: /[0-9]{1,20}:[A-Za-z0-9_-]{1,100}/) != nil else {
                throw DeliveryError.badChannel("its secret is no token of a bot")
            }
            try await post(
                Secret("\(telegram)/bot\(token)/sendMessage"),
                ["chat_id": chat, "text": String(notice.text.prefix(Self.longestText.telegram))])
        case .slack:
            try await post(try secret(channel), ["text": Self.slack(notice.text)])
        case .discord:
            try await post(
                try secret(channel),
                DiscordMessage(content: String(notice.text.prefix(Self.longestText.discord))))
        case .webhook(let url):
            let body = try Self.encoder.encode(WebhookMessage(notice))
            let signature = WebhookSignature.value(Array(body), secret: try secret(channel), at: now())
            try await client.post(Secret(url), Array(body), headers: [(WebhookSignature.header, signature)])
        }
    }

    private func post(_ url: Secret, _ message: some Encodable) async throws {
        try await client.post(url, Array(try Self.encoder.encode(message)))
    }

    private func secret(_ channel: ChannelRecord) throws -> Secret {
        guard let sealed = channel.sealedSecret else { throw DeliveryError.noSecret }
        do {
            return try keys.open(sealed, for: ChannelRecord.secretPlace(channel.id))
        } catch {
            throw DeliveryError.badChannel(error.message)
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// `<!channel>` and links are written with these three characters.
    private static func slack(_ text: String) -> String {
        String(text.prefix(longestText.slack)).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }
}

/// Mentions nobody, whatever the text says.
private struct DiscordMessage: Encodable {
    private struct Mentions: Encodable {
        let parse: [String] = []
    }

    let content: String
    private let allowedMentions = Mentions()

    init(content: String) { self.content = content }

    private enum CodingKeys: String, CodingKey {
        case content
        case allowedMentions = "allowed_mentions"
    }
}

/// What a webhook gets.
private struct WebhookMessage: Encodable {
    let id: String
    let kind: String
    let title: String
    let lines: [String]
    let at: String
    let ids: [String: String]

    init(_ notice: Notice) {
        id = notice.dedupKey
        kind = notice.kind.rawValue
        title = notice.title
        lines = notice.lines
        at = UTCTime(notice.at).rfc3339
        ids = notice.ids
    }
}
