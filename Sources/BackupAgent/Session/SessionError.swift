package import BackupCore

/// Errors of the connection to the control plane. None holds the agent's key or a proxy's password.
package enum SessionError: BackupError, Equatable {
    // What a person wrote
    case invalidAddress(String, reason: String)
    case insecureAddress(String)
    case unreadableCA(String, reason: String)
    case invalidPin(String)
    case invalidProxy(reason: String)

    // On the way
    case unknownHost(String)
    case refused(String)
    case unreachable(String, reason: String)
    case timedOut(String, within: Duration)
    case proxyRefused(String, status: Int)
    case proxyFailed(String, reason: String)

    // Who is there
    case untrustedCertificate(String)
    case expiredCertificate(String)
    case wrongName(String)
    case wrongPin(String)
    case tlsVersion(String)
    case tls(String, reason: String)

    // What it says
    case unauthorized(String)
    case upgradeRefused(String, status: Int)
    case noHandshake(within: Duration)
    case outOfTurn(String)
    case silent(Duration)
    case replaced
    case closed(code: Int, reason: String)
    case connectionLost(String)
    case frameTooLarge(limit: Int)
    case brokenFraming(String)

    // What we ask
    case noAnswer(within: Duration)
    case tooManyRequests(limit: Int)

    package var code: String {
        switch self {
        case .invalidAddress: "session.invalid_address"
        case .insecureAddress: "session.insecure_address"
        case .unreadableCA: "session.unreadable_ca"
        case .invalidPin: "session.invalid_pin"
        case .invalidProxy: "session.invalid_proxy"
        case .unknownHost: "session.unknown_host"
        case .refused: "session.refused"
        case .unreachable: "session.unreachable"
        case .timedOut: "session.timed_out"
        case .proxyRefused: "session.proxy_refused"
        case .proxyFailed: "session.proxy_failed"
        case .untrustedCertificate: "session.untrusted_certificate"
        case .expiredCertificate: "session.expired_certificate"
        case .wrongName: "session.wrong_name"
        case .wrongPin: "session.wrong_pin"
        case .tlsVersion: "session.tls_version"
        case .tls: "session.tls"
        case .unauthorized: "session.unauthorized"
        case .upgradeRefused: "session.upgrade_refused"
        case .noHandshake: "session.no_handshake"
        case .outOfTurn: "session.out_of_turn"
        case .silent: "session.silent"
        case .replaced: "session.replaced"
        case .closed: "session.closed"
        case .connectionLost: "session.connection_lost"
        case .frameTooLarge: "session.frame_too_large"
        case .brokenFraming: "session.broken_framing"
        case .noAnswer: "session.no_answer"
        case .tooManyRequests: "session.too_many_requests"
        }
    }

    package var message: String {
        switch self {
        case .invalidAddress(let text, let reason): "'\(text)' can't be the server's address: \(reason)"
        case .insecureAddress(let text): "'\(text)' is not encrypted"
        case .unreadableCA(let path, let reason): "the certificates in \(path) can't be used: \(reason)"
        case .invalidPin(let text): "'\(text)' is not a pin"
        case .invalidProxy(let reason): "the proxy's address can't be used: \(reason)"
        case .unknownHost(let host): "the name \(host) is not known"
        case .refused(let place): "nobody listens on \(place)"
        case .unreachable(let place, let reason): "\(place) can't be reached: \(reason)"
        case .timedOut(let place, let limit): "\(place) did not answer within \(Self.words(limit))"
        case .proxyRefused(let proxy, let status): "the proxy \(proxy) refused the connection with status \(status)"
        case .proxyFailed(let proxy, let reason): "the proxy \(proxy) gave no connection: \(reason)"
        case .untrustedCertificate(let host): "the certificate of \(host) was issued by nobody who is trusted here"
        case .expiredCertificate(let host):
            "the certificate of \(host) is not valid today: it has expired, or begins later"
        case .wrongName(let host): "the certificate that \(host) showed is for another name"
        case .wrongPin(let host): "the key of \(host) matches none of the pins"
        case .tlsVersion(let host): "\(host) does not speak TLS 1.3"
        case .tls(let host, let reason): "no TLS connection to \(host): \(reason)"
        case .unauthorized(let host): "\(host) does not accept the agent's key"
        case .upgradeRefused(let host, let status): "\(host) refused the connection with status \(status)"
        case .noHandshake(let limit): "the server did not answer the registration within \(Self.words(limit))"
        case .outOfTurn(let what): "the server began with \(what) instead of an answer to the registration"
        case .silent(let limit): "the server has said nothing for \(Self.words(limit))"
        case .replaced: "another agent has connected with the same key"
        case .closed(let code, let reason):
            "the server closed the connection with code \(code)\(reason.isEmpty ? "" : ": \(reason)")"
        case .connectionLost(let reason): "the connection to the server was lost: \(reason)"
        case .frameTooLarge(let limit): "the server sent more than \(limit) bytes in one frame"
        case .brokenFraming(let reason): "the server broke the WebSocket protocol: \(reason)"
        case .noAnswer(let limit): "the server did not answer a request within \(Self.words(limit))"
        case .tooManyRequests(let limit): "\(limit) requests to the server are waiting for answers already"
        }
    }

    private static func words(_ duration: Duration) -> String {
        let (seconds, rest) = duration.components
        return rest == 0 ? "\(seconds) s" : "\(duration)"
    }

    package var hint: String {
        switch self {
        case .invalidAddress: "write it as https://backups.example.com"
        case .insecureAddress: "use https://; BACKUPY_DEV_ALLOW_INSECURE=true allows http:// for development"
        case .unreadableCA: "name a file with PEM certificates that this user may read"
        case .invalidPin: "write it as sha256/ and the base64 of the SHA-256 of the certificate's public key"
        case .invalidProxy: "write it as http://proxy.example.com:3128, with %XX for special characters in a password"
        case .unknownHost: "check the name and this host's DNS"
        case .refused: "check the address and the port, and that the server runs"
        case .unreachable, .timedOut: "check the network, the firewall, and whether a proxy is needed"
        case .proxyRefused(_, 407): "give the proxy's user and password in HTTPS_PROXY"
        case .proxyRefused: "ask for the proxy to allow CONNECT to the server, or name the server in NO_PROXY"
        case .proxyFailed: "check HTTPS_PROXY, and that the proxy runs"
        case .untrustedCertificate:
            "for a private CA, name its file in BACKUPY_SERVER_CA_FILE; otherwise somebody is in between"
        case .expiredCertificate: "renew the server's certificate, and check this host's clock"
        case .wrongName: "use the name that the certificate is for, or have the certificate issued for this one"
        case .wrongPin: "add the pin if the server has a new key; otherwise somebody is in between"
        case .tlsVersion: "allow TLS 1.3 on the server, or on the proxy in front of it"
        case .tls: "check that the address is that of the control plane, and what stands in between"
        case .unauthorized: "check BACKUPY_AGENT_KEY against the server's list; a revoked key has to be replaced"
        case .upgradeRefused: "check the address, and that every proxy in front of the server passes WebSockets on"
        case .replaced: "give each agent a key of its own"
        case .noHandshake, .outOfTurn, .brokenFraming: "check that the address is that of the control plane"
        case .silent, .closed, .connectionLost:
            "the agent connects again by itself; if it goes on, look at the network and the server"
        case .frameTooLarge: "update the server, and report it if that doesn't help"
        case .noAnswer, .tooManyRequests: "it is tried again; see in the server's log what holds it up"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .invalidAddress, .insecureAddress, .unreadableCA, .invalidPin, .invalidProxy, .untrustedCertificate,
            .expiredCertificate, .wrongName, .wrongPin, .tlsVersion, .unauthorized, .replaced:
            .userAction
        case .proxyRefused(_, let status): status == 407 ? .userAction : .retry
        case .unknownHost, .refused, .unreachable, .timedOut, .proxyFailed, .tls, .upgradeRefused, .noHandshake,
            .outOfTurn, .silent, .closed, .connectionLost, .frameTooLarge, .brokenFraming, .noAnswer, .tooManyRequests:
            .retry
        }
    }
}
