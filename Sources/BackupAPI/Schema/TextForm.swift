internal import BackupCore
package import FoundationEssentials

/// What a text must look like. Each has its pattern in the dialect of JSON Schema (ECMA 262), and the same check in Swift.
package enum TextForm: Sendable, CaseIterable {
    /// Without control characters.
    case line
    /// Without control characters but tabs and line breaks.
    case lines
    /// Any bytes of UTF-8 but the zero: passwords.
    case opaque
    /// Of a thing: lower-case letters, digits and `-`.
    case id
    case email
    /// RFC 3339.
    case time
    /// `23:59`
    case clockTime
    /// Six digits.
    case code
    /// Of a form that only its reader knows: letters, digits, `-`, `_`, `.`, `=`.
    case token
    /// An address of HTTP or HTTPS, without user and password.
    case webAddress
    case httpAddress
    case httpsAddress
    /// `db:5432`
    case hostPort
    /// A name or an address.
    case host
    /// Of Telegram: a number, or `@name`.
    case chat
    /// Of Telegram: `123:abc`.
    case botToken
    /// A name in URLs: lower-case letters, digits and `-` inside.
    case slug
    /// Lower-case hex.
    case hex
    /// Of a schedule: five fields, or `@daily` and the like; empty for none.
    case cron
    /// `env:NAME`, `file:PATH` or `container-env:NAME`; empty for none.
    case secretReference
    /// Where the next piece of a list begins: hex of an id.
    case cursor
    /// The same of a number.
    case numberCursor
    /// Of the event stream, with commas between them.
    case topics

    package var pattern: String? {
        switch self {
        case .line: #"^[^\u0000-\u001f\u007f]*$"#
        case .lines: #"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"#
        case .opaque: #"^[^\u0000]*$"#
        case .id: "^[0-9a-z-]+$"
        case .email: #"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"#
        case .time: nil
        case .clockTime: "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        case .code: "^[0-9]{6}$"
        case .token: "^[A-Za-z0-9._=-]+$"
        case .webAddress: "^https?://\(Self.place)$"
        case .httpAddress: "^http://\(Self.place)$"
        case .httpsAddress: "^https://\(Self.place)$"
        case .hostPort: #"^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,60}\]):"# + "\(Self.port)$"
        case .host: "^[A-Za-z0-9.:_][A-Za-z0-9.:_-]*$"
        case .chat: "^(-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64})$"
        case .botToken: "^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}$"
        case .slug: "^[a-z0-9]+(-[a-z0-9]+)*$"
        case .hex: "^[0-9a-f]*$"
        case .cron:
            "^(|@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[-0-9A-Za-z*,/]+( [-0-9A-Za-z*,/]+){4})$"
        case .secretReference: #"^(|(env|file|container-env):[!-~]+)$"#
        case .cursor: "^(3[0-9]|6[1-9a-f]|7[0-9a]|2d){1,60}$"
        case .numberCursor: "^(3[0-9]){1,15}$"
        case .topics: "^(jobs|agents|restores|incidents)(,(jobs|agents|restores|incidents)){0,9}$"
        }
    }

    package func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return switch self {
        case .line: scalars.allSatisfy { $0.value > 0x1f && $0.value != 0x7f }
        case .lines: scalars.allSatisfy { $0.value > 0x1f && $0.value != 0x7f || [9, 10, 13].contains($0.value) }
        case .opaque: scalars.allSatisfy { $0.value != 0 }
        case .time: Self.time(text) != nil
        case .id: Self.isWhole(text) { $0.wholeMatch(of: /[0-9a-z-]+/) != nil }
        case .email:
            Self.isWhole(text) { $0.wholeMatch(of: /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*/) != nil }
        case .clockTime: Self.isWhole(text) { $0.wholeMatch(of: /([01][0-9]|2[0-3]):[0-5][0-9]/) != nil }
        case .code: Self.isWhole(text) { $0.wholeMatch(of: /[0-9]{6}/) != nil }
        case .token: Self.isWhole(text) { $0.wholeMatch(of: /[A-Za-z0-9._=-]+/) != nil }
        case .webAddress: ["http://", "https://"].contains { Self.isAddress(text, scheme: $0) }
        case .httpAddress: Self.isAddress(text, scheme: "http://")
        case .httpsAddress: Self.isAddress(text, scheme: "https://")
        case .hostPort:
            Self.isWhole(text) {
                let match = $0.wholeMatch(of: /(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,60}\]):([1-9][0-9]{0,4})/)
                return Self.isPort(match?.1)
            }
        case .host: Self.isWhole(text) { $0.wholeMatch(of: /[A-Za-z0-9.:_][A-Za-z0-9.:_-]*/) != nil }
        case .chat: Self.isWhole(text) { $0.wholeMatch(of: /-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64}/) != nil }
        case .botToken: Self.isWhole(text) { $0.wholeMatch(of: /[0-9]{1,20}:[A-Za-z0-9_-]{1,100}/) != nil }
        case .slug: Self.isWhole(text) { $0.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil }
        case .hex: Self.isWhole(text) { $0.wholeMatch(of: /[0-9a-f]*/) != nil }
        case .cron:
            Self.isWhole(text) {
                $0.wholeMatch(
                    of:
                        /(|@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[-0-9A-Za-z*,\/]+( [-0-9A-Za-z*,\/]+){4})/
                ) != nil
            }
        case .cursor: Self.isWhole(text) { $0.wholeMatch(of: /(3[0-9]|6[1-9a-f]|7[0-9a]|2d){1,60}/) != nil }
        case .numberCursor: Self.isWhole(text) { $0.wholeMatch(of: /(3[0-9]){1,15}/) != nil }
        case .topics:
            Self.isWhole(text) {
                $0.wholeMatch(
                    of: /(jobs|agents|restores|incidents)(,(jobs|agents|restores|incidents)){0,9}/) != nil
            }
        case .secretReference:
            Self.isWhole(text) { $0.wholeMatch(of: /(|(env|file|container-env):[!-~]+)/) != nil }
        }
    }

    private static let port =
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
    /// What stands behind the scheme.
    private static let place =
        #"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(:"# + port + ")?([/?#][!-~]*)?"

    private static func isAddress(_ text: String, scheme: String) -> Bool {
        guard text.hasPrefix(scheme) else { return false }
        return isWhole(String(text.dropFirst(scheme.count))) {
            let match = $0.wholeMatch(
                of: /(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])(?::([1-9][0-9]{0,4}))?(?:[\/?#][!-~]*)?/)
            return match.map { $0.1 == nil || isPort($0.1) } ?? false
        }
    }

    private static func isPort(_ text: Substring?) -> Bool {
        text.flatMap { Int($0) }.map { (1...65_535).contains($0) } ?? false
    }

    /// All of these forms are ASCII; Swift's expressions work on characters, of which one may be several code points.
    private static func isWhole(_ text: String, _ match: (String) -> Bool) -> Bool {
        text.utf8.allSatisfy { $0 < 0x80 } && match(text)
    }

    /// RFC 3339, with any offset and fraction.
    package static func time(_ text: String) -> Date? {
        guard text.utf8.count <= 40, text.utf8.allSatisfy({ $0 < 0x80 }),
            let match = text.uppercased().wholeMatch(
                of:
                    /([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|([+-])([0-9]{2}):([0-9]{2}))/
            ),
            let local = UTCTime(rfc3339: "\(match.1)T\(match.2)Z")
        else { return nil }
        guard let sign = match.5, let hours = match.6.flatMap({ Int($0) }), let minutes = match.7.flatMap({ Int($0) })
        else { return local.date }
        guard hours < 24, minutes < 60 else { return nil }
        let offset = Double(hours * 3600 + minutes * 60) * (sign == "-" ? 1 : -1)
        return local.date.addingTimeInterval(offset)
    }
}
