internal import NIOCore
internal import NIOSSL

/// Whom the agent takes for the control plane.
package struct ServerTrust: Sendable {
    /// PEM; nil for the system's roots. With a file, the system's roots count for nothing.
    package let certificateAuthorityFile: String?
    /// In addition to a valid chain and name: one of these must be the pin of the server's own certificate. Empty for none.
    package let pins: Set<PublicKeyPin>

    private let roots: NIOSSLTrustRoots

    /// - Parameter pins: separated by commas or blanks.
    /// - Throws: when the file can't be read or has no certificate, or a pin is not one.
    package init(certificateAuthorityFile: String? = nil, pins: String = "") throws(SessionError) {
        self.certificateAuthorityFile = certificateAuthorityFile
        var all: Set<PublicKeyPin> = []
        for text in pins.split(whereSeparator: { ", \t\n".contains($0) }) { all.insert(try PublicKeyPin(String(text))) }
        self.pins = all
        guard let file = certificateAuthorityFile else {
            roots = .default
            return
        }
        do {
            roots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        } catch {
            throw .unreadableCA(file, reason: "it is missing, unreadable, or has no PEM certificate")
        }
    }

    /// What comes in addition to a chain that is valid.
    func check(_ certificate: NIOSSLCertificate, of server: ServerAddress) throws {
        guard CertificateName.matches(certificate, host: server.host) else { throw SessionError.wrongName(server.host) }
        guard try pins.isEmpty || pins.contains(PublicKeyPin(of: certificate)) else {
            throw SessionError.wrongPin(server.host)
        }
    }

    /// TLS 1.3 only; chain and name are checked.
    func tlsConfiguration() -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        tls.trustRoots = roots
        // Without a limit of its own, closing waits 5 s for a peer that is gone.
        tls.shutdownTimeout = .seconds(1)
        return tls
    }
}
