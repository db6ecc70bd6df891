/// Whose request it is, where proxies stand between.
package struct ClientAddress: Sendable {
    private let trusted: [AddressRange]

    package init(trustedProxies: [AddressRange]) { trusted = trustedProxies }

    /// The last address in `X-Forwarded-For` that is not a trusted proxy's. What stands before it anybody may have written; and where the
    /// peer itself is not trusted, nothing of the header counts.
    package func of(peer: String, forwarded: [String]) -> String {
        guard isTrusted(peer) else { return peer }
        let hops = forwarded.joined(separator: ",").split(separator: ",").map { $0.filter { $0 != " " } }
        for hop in hops.suffix(32).reversed() where !isTrusted(hop) {
            return IPAddress(hop) == nil ? peer : hop
        }
        return peer
    }

    /// What is counted together: an IPv6 customer has a whole /64.
    package static func limitKey(_ address: String) -> String {
        guard let ip = IPAddress(address), ip.bytes.count == 16 else { return address }
        return ip.bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Whether it is one of the proxies that are named.
    package func isTrusted(_ address: String) -> Bool {
        guard let ip = IPAddress(address) else { return false }
        return trusted.contains { $0.contains(ip) }
    }
}
