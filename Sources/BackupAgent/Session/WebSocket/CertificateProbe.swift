internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// Finds out what is wrong with a certificate that was refused: BoringSSL only says that it was.
///
/// It shakes hands once more, looks at the certificates, and breaks off: nothing is sent, and nothing is trusted.
final class CertificateProbe: Sendable {
    private let hasBadDates = Mutex(false)

    /// Whether one of them is not valid at `now` (Unix).
    var foundBadDates: Bool { hasBadDates.withLock { $0 } }

    func handler(_ tls: NIOSSLContext, host: String?, now: Int) throws -> NIOSSLClientHandler {
        let look: NIOSSLCustomVerificationCallback = { certificates, verdict in
            let isBad = certificates.contains { $0.notValidAfter < now || $0.notValidBefore > now }
            self.hasBadDates.withLock { $0 = isBad }
            verdict.succeed(.failed)
        }
        return try NIOSSLClientHandler(context: tls, serverHostname: host, customVerificationCallback: look)
    }
}
