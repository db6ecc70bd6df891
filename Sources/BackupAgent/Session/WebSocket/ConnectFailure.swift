internal import BackupCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Says what stood in the way of a connection.
struct ConnectFailure {
    let address: ServerAddress
    let proxy: ProxySettings.Proxy?
    /// For an attempt at one address.
    let limit: Duration

    private var place: String { address.authority }

    func explain(_ error: any Error) -> any Error {
        switch error {
        case is SessionError, is CancellationError: error
        case let error as NIOConnectionError: ofDialing(error)
        case NIOSSLError.handshakeFailed(let failure): ofShakingHands(TLSFailure(failure))
        case NIOSSLError.unableToValidateCertificate: SessionError.wrongName(address.host)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            SessionError.wrongName(address.host)
        case let error as IOError: SessionError.connectionLost(SystemMessage.of(error.errnoCode))
        case is HTTPParserError: SessionError.brokenFraming("its answer is not HTTP")
        case is ChannelError, NIOSSLError.uncleanShutdown: SessionError.connectionLost("the other side hung up")
        default: SessionError.connectionLost("\(error)")
        }
    }

    private func ofDialing(_ error: NIOConnectionError) -> SessionError {
        guard let first = error.connectionErrors.first?.error else {
            if let proxy { return .proxyFailed(proxy.place, reason: "its name is not known") }
            return .unknownHost(address.host)
        }
        let reason = (first as? IOError).map { SystemMessage.of($0.errnoCode) } ?? "no answer within \(limit)"
        if let proxy { return .proxyFailed(proxy.place, reason: reason) }
        switch first {
        case let error as IOError where error.errnoCode == ECONNREFUSED: return .refused(place)
        case is IOError: return .unreachable(place, reason: reason)
        default: return .timedOut(place, within: limit)
        }
    }

    private func ofShakingHands(_ failure: TLSFailure) -> SessionError {
        switch failure {
        case .certificate: .untrustedCertificate(address.host)
        case .version: .tlsVersion(address.host)
        case .notTLS: .tls(address.host, reason: "what listens on port \(address.port) speaks no TLS")
        case .hungUp: .tls(address.host, reason: "it hung up during the handshake")
        case .other(let words): .tls(address.host, reason: words)
        }
    }
}
