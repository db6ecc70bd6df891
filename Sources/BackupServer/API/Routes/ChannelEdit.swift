internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

/// What requests say of channels, put into their records; secrets are sealed here.
struct ChannelEdit {
    let keys: any SecretSealing

    /// - Throws: ``APIError``, ``ControlError/invalid(field:reason:)``.
    func channel(_ new: NewChannel, id: ChannelRecord.ID, at time: Date) throws -> ChannelRecord {
        let settings = new.settings
        func needed<Value>(_ value: Value?, _ field: String) throws -> Value {
            guard let value else { throw APIError.invalid(field, "it is missing") }
            return value
        }
        let place: ChannelRecord.Place
        switch new.kind {
        case "email":
            place = .email(
                .init(
                    host: try needed(settings.host, "host"), from: try needed(settings.from, "from"),
                    to: try needed(settings.to, "to")))
        case "telegram": place = .telegram(chat: try needed(settings.chat, "chat"))
        case "slack": place = .slack
        case "discord": place = .discord
        case "webhook": place = .webhook(url: try needed(settings.url, "url"))
        default: throw APIError.invalid("kind", "there is no such kind")
        }
        var channel = ChannelRecord(
            id: id, name: new.name, place: place, isEnabled: new.isEnabled ?? true, muted: Self.muted(new.muted ?? []),
            createdAt: time)
        try set(settings, secret: new.secret, in: &channel)
        return channel
    }

    /// - Throws: ``APIError``, ``ControlError/invalid(field:reason:)``.
    func apply(_ change: ChannelChange, to channel: inout ChannelRecord) throws {
        if let name = change.name { channel.name = name }
        if let isEnabled = change.isEnabled { channel.isEnabled = isEnabled }
        if let muted = change.muted { channel.muted = Self.muted(muted) }
        try set(change.settings, secret: change.secret, in: &channel)
    }

    private static func muted(_ words: [String]) -> Set<Notice.Kind> {
        Set(words.compactMap { Notice.Kind(rawValue: $0) })
    }

    private func set(_ settings: ChannelSettings, secret: String?, in channel: inout ChannelRecord) throws {
        var rest = settings
        switch channel.place {
        case .email(var email):
            try Self.apply(settings, to: &email, hasOldSecret: channel.sealedSecret != nil && secret == nil)
            channel.place = .email(email)
            rest = ChannelSettings(chat: settings.chat, url: settings.url)
        case .telegram(let chat):
            channel.place = .telegram(chat: settings.chat ?? chat)
            rest.chat = nil
        case .webhook(let url):
            channel.place = .webhook(url: settings.url ?? url)
            rest.url = nil
        case .slack, .discord: break
        }
        guard rest == ChannelSettings() else {
            throw APIError.conflict("a channel of the kind \(channel.place.kind) has not all of these fields")
        }
        if let secret { try seal(secret, in: &channel) }
        try channel.check()
    }

    private static func apply(
        _ settings: ChannelSettings, to email: inout ChannelRecord.Email, hasOldSecret: Bool
    ) throws {
        let old = email
        if let host = settings.host { email.host = host }
        if let port = settings.port { email.port = port }
        if let security = settings.security.flatMap(ChannelRecord.Email.Security.init(rawValue:)) {
            email.security = security
        }
        if let username = settings.username { email.username = username }
        if let from = settings.from { email.from = from }
        if let to = settings.to { email.to = to }
        if let certificate = settings.caCertificate { email.caCertificate = certificate.isEmpty ? nil : certificate }
        // The stored password must not be sent to a server that somebody else has chosen.
        let isElsewhere =
            old.host != email.host || old.port != email.port || old.caCertificate != email.caCertificate
        if hasOldSecret, isElsewhere { throw APIError.conflict("another mail server needs the password anew") }
        guard email.security != .none || email.username.isEmpty else {
            throw APIError.conflict("a password does not go where everybody can read it")
        }
    }

    private func seal(_ secret: String, in channel: inout ChannelRecord) throws {
        switch channel.place {
        case .slack, .discord: try ChannelRecord.check(url: secret, field: "secret")
        case .email, .telegram, .webhook: break
        }
        channel.sealedSecret = try keys.seal(Secret(secret), for: ChannelRecord.secretPlace(channel.id))
    }
}

extension ChannelSettings {
    fileprivate init(chat: String?, url: String?) {
        self.init()
        self.chat = chat
        self.url = url
    }
}

extension ChannelDocument {
    init(_ channel: ChannelRecord) {
        self.init(
            id: channel.id.string, name: channel.name, kind: channel.place.kind, isEnabled: channel.isEnabled,
            muted: channel.muted.map(\.rawValue).sorted(), hasSecret: channel.sealedSecret != nil,
            settings: ChannelSettings(channel.place), createdAt: channel.createdAt, lastSentAt: channel.lastSentAt,
            lastError: channel.lastError)
    }
}

extension ChannelSettings {
    fileprivate init(_ place: ChannelRecord.Place) {
        self.init()
        switch place {
        case .email(let email):
            host = email.host
            port = email.port
            security = email.security.rawValue
            username = email.username
            from = email.from
            to = email.to
            caCertificate = email.caCertificate
        case .telegram(let chat): self.chat = chat
        case .webhook(let url): self.url = url
        case .slack, .discord: break
        }
    }
}
