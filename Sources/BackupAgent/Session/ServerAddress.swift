internal import BackupCore
internal import FoundationEssentials

/// Where the control plane is: `BACKUPY_SERVER_URL`, taken apart.
package struct ServerAddress: Sendable, Equatable {
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    package let isSecure: Bool
    /// Of the endpoint: a prefix of the server's and `/v1/agents/connect`.
    package let path: String

    private static let endpoint = "/v1/agents/connect"

    /// - Parameter allowsInsecure: whether `http://` and `ws://` will do, for development.
    package init(_ text: String, allowsInsecure: Bool = false) throws(SessionError) {
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), let host = parts.percentEncodedHost, !host.isEmpty
        else { throw .invalidAddress(Self.withoutUser(text), reason: "it is not https://host or wss://host") }
        guard parts.user == nil, parts.password == nil else {
            throw .invalidAddress(Self.withoutUser(text), reason: "it has a user; the agent's key is given by itself")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw .invalidAddress(text, reason: "it has a '?' or a '#'")
        }
        switch scheme {
        case "https", "wss": isSecure = true
        case "http", "ws":
            guard allowsInsecure else { throw .insecureAddress(text) }
            isSecure = false
        default: throw .invalidAddress(text, reason: "it begins neither with https:// nor with wss://")
        }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }) else {
            throw .invalidAddress(text, reason: "its host has to be in ASCII (a name as xn--…)")
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65535).contains(port) else { throw .invalidAddress(text, reason: "its port is not one") }
        var prefix = parts.percentEncodedPath
        while prefix.hasSuffix("/") { prefix.removeLast() }
        path = prefix.hasSuffix(Self.endpoint) ? prefix : prefix + Self.endpoint
    }

    /// `host:port`, as in a CONNECT.
    package var authority: String { "\(bracketedHost):\(port)" }

    /// As in a `Host` field: without the scheme's usual port (RFC 9110, section 7.2).
    var hostField: String { port == (isSecure ? 443 : 80) ? bracketedHost : authority }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Somebody may have put the key in front of the host.
    private static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return "…" + text[at...]
    }
}
