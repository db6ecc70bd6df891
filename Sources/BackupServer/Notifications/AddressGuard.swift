internal import BackupControl
internal import BackupCore
internal import Glibc

/// Which addresses notices may go to: those of the internet, and of networks that somebody has allowed.
///
/// Without it, whoever may add a channel could have this server send requests to its own host, its neighbours, or the cloud's metadata.
package struct AddressGuard: Sendable {
    /// RFC 6890 and what came after: nothing of these is somebody else's host on the internet.
    private static let forbidden: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/96",
        // NAT64, Teredo and 6to4 hold an IPv4 address that would be looked at by nobody.
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16",
        "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { AddressRange($0) }

    private let allowed: [AddressRange]

    package init(allowed: [AddressRange] = []) { self.allowed = allowed }

    package func allows(_ address: IPAddress) -> Bool {
        allowed.contains { $0.contains(address) } || !Self.forbidden.contains { $0.contains(address) }
    }

    /// Resolves a name, and picks an address that may be. Whoever connects takes this one, and asks no resolver again: the second answer
    /// could be another.
    /// - Throws: ``DeliveryError/unknownHost(host:)``, ``DeliveryError/forbiddenAddress(host:)``.
    package func address(of host: String) async throws -> String {
        let addresses = try await BlockingThread.runAbandonable("resolve") { try Self.resolve(host) }
        guard !addresses.isEmpty else { throw DeliveryError.unknownHost(host: host) }
        guard let address = addresses.first(where: { IPAddress($0).map(allows) ?? false }) else {
            throw DeliveryError.forbiddenAddress(host: host)
        }
        return address
    }

    private static func resolve(_ host: String) throws -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw DeliveryError.unknownHost(host: host) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                // A link-local one comes with its interface, and is none for us: it does not parse.
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = info.ai_next
        }
        return addresses
    }
}
