package import BackupCore
internal import FoundationEssentials

/// Which HTTP proxy leads to the control plane: `HTTPS_PROXY` and `NO_PROXY`, as curl reads them.
package struct ProxySettings: Sendable, Equatable {
    /// An HTTP proxy that is asked to CONNECT.
    package struct Proxy: Sendable, Equatable {
        package let host: String
        package let port: Int
        /// `user:password`
        package let credentials: Secret?

        /// `host:port`
        package var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

        /// The value of `Proxy-Authorization`; nil where the proxy asks for none.
        var authorization: String? {
            credentials.map { "Basic " + Data($0.revealed.utf8).base64EncodedString() }
        }
    }

    package let proxy: Proxy?
    /// Hosts that are reached without it: `*`, names with everything below them, addresses, each with a `:port` or without.
    package let exceptions: [String]

    package static let none = ProxySettings(proxy: nil, exceptions: [])

    private init(proxy: Proxy?, exceptions: [String]) {
        self.proxy = proxy
        self.exceptions = exceptions
    }

    /// Lower-case names come first. An empty value is none.
    package init(environment: [String: String]) throws(SessionError) {
        func value(_ name: String) -> String? {
            [name.lowercased(), name].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        proxy = try value("HTTPS_PROXY").map { text throws(SessionError) in try Self.parse(text) }
        exceptions = (value("NO_PROXY") ?? "").split { ", ".contains($0) }.map { $0.lowercased() }
    }

    /// The proxy for a server; nil for none.
    package func proxy(for server: ServerAddress) -> Proxy? { proxy(host: server.host, port: server.port) }

    package func proxy(host: String, port: Int) -> Proxy? {
        exceptions.contains { Self.matches($0, host, port) } ? nil : proxy
    }

    private static func matches(_ exception: String, _ host: String, _ ownPort: Int) -> Bool {
        if exception == "*" { return true }
        var name = exception
        if let colon = exception.lastIndex(of: ":"), let port = Int(exception[exception.index(after: colon)...]),
            exception.hasPrefix("[") || exception.firstIndex(of: ":") == colon
        {
            guard port == ownPort else { return false }
            name = String(exception[..<colon])
        }
        name = String(name.drop { $0 == "." || $0 == "[" })
        if name.hasSuffix("]") { name.removeLast() }
        let host = host.lowercased()
        return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    }

    /// Never quotes the text: there may be a password in it.
    private static func parse(_ text: String) throws(SessionError) -> Proxy {
        let url = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: url, encodingInvalidCharacters: false),
            let host = parts.percentEncodedHost, !host.isEmpty
        else { throw .invalidProxy(reason: "it is not http://host:port") }
        guard parts.scheme?.lowercased() == "http" else {
            throw .invalidProxy(reason: "only http:// proxies are supported")
        }
        let port = parts.port ?? 80
        guard (1...65535).contains(port) else { throw .invalidProxy(reason: "its port is not one") }
        var credentials: Secret?
        if let user = parts.percentEncodedUser {
            guard let user = PercentEncoding.decoded(user),
                let password = PercentEncoding.decoded(parts.percentEncodedPassword ?? "")
            else { throw .invalidProxy(reason: "its user or password has a '%' without two digits") }
            credentials = Secret("\(user):\(password)")
        }
        return Proxy(
            host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, port: port, credentials: credentials
        )
    }
}
