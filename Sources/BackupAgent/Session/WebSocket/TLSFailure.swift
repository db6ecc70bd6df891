internal import NIOSSL

/// What BoringSSL says of a handshake that failed.
enum TLSFailure: Equatable {
    case certificate
    case version
    case notTLS
    case hungUp
    case other(String)

    init(_ error: BoringSSLError) {
        guard case .sslError(let stack) = error, let first = stack.first else {
            self = .other("\(error)")
            return
        }
        if first == .eofDuringHandshake {
            self = .hungUp
            return
        }
        switch Self.reason(first) {
        case 125: self = .certificate
        case 240, 1070: self = .version
        case 247, 156: self = .notTLS
        default: self = .other(Self.words(first))
        }
    }

    /// NIOSSL gives the number only in `Error: NUMBER error:…`. The reason is its lowest twelve bits; ssl.h names them `SSL_R_…`:
    /// 125 CERTIFICATE_VERIFY_FAILED, 156 HTTP_REQUEST, 240 UNSUPPORTED_PROTOCOL, 247 WRONG_VERSION_NUMBER, 1070 the alert
    /// `protocol_version`.
    private static func reason(_ error: BoringSSLInternalError) -> UInt32? {
        error.description.split(separator: " ").dropFirst().first.flatMap { UInt32($0) }.map { $0 & 0xFFF }
    }

    /// `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at FILE:LINE`
    private static func words(_ error: BoringSSLInternalError) -> String {
        error.description.split(separator: " at ").first?.split(separator: ":").last?.lowercased()
            .replacing("_", with: " ") ?? "the handshake failed"
    }
}
