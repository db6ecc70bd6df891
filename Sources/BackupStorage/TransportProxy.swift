package import BackupCore
internal import FoundationEssentials

/// An HTTP proxy that is asked to CONNECT (RFC 9110, section 9.3.6) for what goes over TLS.
package struct TransportProxy: Sendable {
    package let host: String
    package let port: Int
    /// `user:password`; nil where the proxy asks for none.
    package let credentials: Secret?
    /// Whether a host and port are reached through it.
    private let serves: @Sendable (_ host: String, _ port: Int) -> Bool

    package init(
        host: String, port: Int, credentials: Secret?, serves: @escaping @Sendable (_ host: String, _ port: Int) -> Bool
    ) {
        self.host = host
        self.port = port
        self.credentials = credentials
        self.serves = serves
    }

    func serves(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url, encodingInvalidCharacters: false),
            parts.scheme?.lowercased() == "https", let host = parts.host
        else { return false }
        return serves(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, parts.port ?? 443)
    }

    /// For `Proxy-Authorization: Basic`.
    var basicCredentials: String? { credentials.map { Data($0.revealed.utf8).base64EncodedString() } }
}
