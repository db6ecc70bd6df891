internal import Glibc
package import Logging
internal import NIOSSL
internal import Synchronization

/// The server's certificate and key, from files that may be replaced while it runs.
///
/// Connections that are open keep what they began with. A new file that can't be used is logged, and the old one stays: a renewal
/// that went wrong must not take the server down.
package final class CertificateFiles: Sendable {
    private struct Stamp: Equatable {
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
    }

    private let certificate: String
    private let key: String
    private let state: Mutex<(context: NIOSSLContext, stamps: [Stamp?])>

    /// - Parameters:
    ///   - certificate: PEM, the server's own first, then those of the authorities in between.
    ///   - key: PEM.
    /// - Throws: what NIOSSL says about them.
    package init(certificate: String, key: String) throws {
        self.certificate = certificate
        self.key = key
        let stamps = [Self.stamp(certificate), Self.stamp(key)]
        state = Mutex((try Self.load(certificate, key), stamps))
    }

    var context: NIOSSLContext { state.withLock { $0.context } }

    /// - Returns: whether there is a new one now.
    /// - Throws: when the files have changed and can't be used; they are looked at again when they change again.
    package func reloadIfChanged() throws -> Bool {
        let stamps = [Self.stamp(certificate), Self.stamp(key)]
        guard stamps != state.withLock({ $0.stamps }) else { return false }
        state.withLock { $0.stamps = stamps }
        let context = try Self.load(certificate, key)
        state.withLock { $0.context = context }
        return true
    }

    /// Looks again and again, until the task is cancelled.
    package func watch(every interval: Duration = .seconds(10), logger: Logger) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: interval)
                if try reloadIfChanged() { logger.info("the server's certificate was read again") }
            } catch is CancellationError {
                return
            } catch {
                logger.error(
                    "the server's new certificate can't be used; the old one stays", metadata: ["error": "\(error)"])
            }
        }
    }

    private static func load(_ certificate: String, _ key: String) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        tls.minimumTLSVersion = .tlsv13
        tls.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: tls)
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt64(status.st_ino), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
