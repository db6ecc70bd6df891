internal import AsyncHTTPClient
internal import BackupCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Why the network failed, in words that hold no address, and so no secret of one.
enum NetworkReason {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as IOError: SystemMessage.of(error.errnoCode)
        case let error as NIOConnectionError: of(error)
        case let error as HTTPClientError: of(error)
        case let error as NIOSSLError: of(error)
        case is SocketAddressError: "the name is not known"
        case ChannelError.connectTimeout: "no answer in time"
        default: "\(type(of: error))"
        }
    }

    private static func of(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .deadlineExceeded, .readTimeout, .tlsHandshakeTimeout: "no answer in time"
        case .remoteConnectionClosed: "the connection was closed before the answer"
        case .invalidURL, .emptyHost, .emptyScheme: "the address is not a URL"
        default: error.shortDescription
        }
    }

    private static func of(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first { return of(first.error) }
        return error.dnsAError != nil || error.dnsAAAAError != nil ? "the name is not known" : "it can't be reached"
    }

    private static func of(_ error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed: "the TLS handshake failed: the certificate is not trusted, or has another name"
        case .unableToValidateCertificate: "the certificate has another name"
        default: "TLS failed"
        }
    }
}
