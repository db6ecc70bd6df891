package import BackupCore

/// Why a notice did not reach its channel. None holds an address that is a secret, a password, or what the other side answered.
package enum DeliveryError: BackupError, Equatable {
    /// The name leads to an address that this server's settings don't allow.
    case forbiddenAddress(host: String)
    case unknownHost(host: String)
    case unreachable(host: String, reason: String)
    /// What came back is no success.
    case refused(host: String, status: Int)
    /// So much was sent already.
    case throttled(host: String, seconds: Int)
    /// The server has no TLS, or another's certificate.
    case insecure(host: String)
    case loginRefused(host: String)
    case badChannel(String)
    case noSecret

    package var code: String {
        switch self {
        case .forbiddenAddress: "delivery.forbidden_address"
        case .unknownHost: "delivery.unknown_host"
        case .unreachable: "delivery.unreachable"
        case .refused: "delivery.refused"
        case .throttled: "delivery.throttled"
        case .insecure: "delivery.insecure"
        case .loginRefused: "delivery.login_refused"
        case .badChannel: "delivery.bad_channel"
        case .noSecret: "delivery.no_secret"
        }
    }

    package var message: String {
        switch self {
        case .forbiddenAddress(let host): "\(host) leads into a network that notices may not go to"
        case .unknownHost(let host): "the name \(host) has no address"
        case .unreachable(let host, let reason): "\(host) can't be reached: \(reason)"
        case .refused(let host, let status): "\(host) refused the notice: status \(status)"
        case .throttled(let host, let seconds): "\(host) wants no further notice for \(seconds) s"
        case .insecure(let host): "\(host) offers no TLS that can be trusted"
        case .loginRefused(let host): "\(host) refused user and password"
        case .badChannel(let reason): "the channel can't be used: \(reason)"
        case .noSecret: "the channel has no secret"
        }
    }

    package var hint: String {
        switch self {
        case .forbiddenAddress: "if it is meant to go there, allow that network in the server's settings"
        case .unknownHost: "check the name, and the resolver of the server"
        case .unreachable: "check the address, and firewalls between here and there"
        case .refused: "check the channel's address and secret at the other side"
        case .throttled: "nothing: it is sent later"
        case .insecure: "give the channel the authority's certificate, or turn TLS on at the other side"
        case .loginRefused: "check the channel's user and password"
        case .badChannel: "correct the channel"
        case .noSecret: "set the channel's secret"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .unknownHost, .unreachable, .throttled: .retry
        case .refused(_, let status): status >= 500 ? .retry : .userAction
        case .forbiddenAddress, .insecure, .loginRefused, .badChannel, .noSecret: .userAction
        }
    }
}
