internal import FoundationEssentials

extension ChannelRecord {
    /// Whether it can be so at all. Where an address leads is looked at when something is sent, as names change.
    /// - Throws: ``ControlError/invalid(field:reason:)``.
    package func check() throws(ControlError) {
        switch place {
        case .email(let email): try email.check()
        case .telegram(let chat):
            guard chat.wholeMatch(of: /-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64}/) != nil else {
                throw .invalid(field: "chat", reason: "it is neither a number nor @name")
            }
        case .slack, .discord: break
        case .webhook(let url): try Self.check(url: url, field: "url")
        }
    }

    /// - Throws: ``ControlError/invalid(field:reason:)``; the reason has no part of `url`, which may be a secret.
    package static func check(url: String, field: String) throws(ControlError) {
        guard url.wholeMatch(of: /https?:\/\/[!-~]{1,2000}/.ignoresCase()) != nil, let parts = URL(string: url),
            let host = parts.host(), !host.isEmpty, (1...65_535).contains(parts.port ?? 1)
        else { throw .invalid(field: field, reason: "it is no address like https://host/path") }
        // Shown in lists, and not meant for a password.
        guard parts.user() == nil, parts.password() == nil else {
            throw .invalid(field: field, reason: "it must not hold a user or a password")
        }
    }
}

extension ChannelRecord.Email {
    fileprivate func check() throws(ControlError) {
        guard host.wholeMatch(of: /[A-Za-z0-9.:_-]{1,253}/) != nil, !host.hasPrefix("-") else {
            throw .invalid(field: "host", reason: "it is no host")
        }
        guard (1...65_535).contains(port) else { throw .invalid(field: "port", reason: "it is not within 1 to 65535") }
        guard Self.isAddress(from) else { throw .invalid(field: "from", reason: "it is no mail address") }
        guard (1...20).contains(to.count) else { throw .invalid(field: "to", reason: "there must be 1 to 20") }
        for address in to where !Self.isAddress(address) {
            throw .invalid(field: "to", reason: "it is no mail address")
        }
        guard security != .none || username.isEmpty else {
            throw .invalid(field: "security", reason: "a password does not go where everybody can read it")
        }
        guard !username.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw .invalid(field: "username", reason: "it has characters that can't be there")
        }
    }

    /// An address of RFC 5321 without its rarer forms: nothing that could end a header or a command.
    package static func isAddress(_ text: String) -> Bool {
        text.utf8.count <= 254
            && text.wholeMatch(of: /[A-Za-z0-9.!#$%&'*+\/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*/) != nil
    }
}
