internal import NIOSSL

/// A server's address, as `https://HOST:PORT`.
struct ServerEndpoint: Sendable {
    let host: String
    let port: Int

    /// - Throws: ``LoadError/invalidAddress(_:)``.
    init(_ text: String) throws(LoadError) {
        guard text.hasPrefix("https://") else { throw .invalidAddress(text) }
        let rest = text.dropFirst("https://".count).prefix { $0 != "/" }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { throw .invalidAddress(text) }
        self.host = String(host)
        guard parts.count == 2 else {
            port = 443
            return
        }
        guard let number = Int(parts[1]), (1...65535).contains(number) else { throw .invalidAddress(text) }
        port = number
    }

    var url: String { "https://\(host):\(port)" }

    /// TLS 1.3 only, as agents have it.
    static func tls(caFile: String?) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        if let caFile { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(caFile)) }
        return tls
    }
}
