/// A server's address: `https://backups.example.com`, with a port and a path before `/v1` where there is one.
struct ServerAddress: Equatable {
    /// Without a slash at the end.
    let url: String

    /// - Throws: ``RemoteError/invalidAddress(_:reason:)``, ``RemoteError/insecureAddress(_:)``.
    init(_ text: String) throws(RemoteError) {
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else {
            throw .invalidAddress(text, reason: "it does not begin with https://")
        }
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, authority.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw .invalidAddress(text, reason: "it has no host")
        }
        guard !authority.contains("@") else { throw .invalidAddress(text, reason: "a user does not belong into it") }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) else {
            throw .invalidAddress(text, reason: "it has more than a host and a path")
        }
        guard isSecure || Self.isLoopback(authority) else { throw .insecureAddress(text) }
        var trimmed = text[...]
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        if trimmed.hasSuffix("/v1") { trimmed = trimmed.dropLast(3) }
        url = String(trimmed)
    }

    private static func isLoopback(_ authority: Substring) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { authority == $0 || authority.hasPrefix("\($0):") }
    }
}
