internal import Glibc
internal import NIOSSL

/// Whether a certificate is for a server's name (RFC 9525).
///
/// NIOSSL also takes one that names the address at the other end of the connection, whatever name was asked for. Then a spoofed DNS
/// answer and a certificate for an address, which public authorities issue, would do; and behind a proxy the address is the proxy's.
enum CertificateName {
    static func matches(_ certificate: NIOSSLCertificate, host: String) -> Bool {
        let address = address(host)
        return certificate._subjectAlternativeNames().contains { name in
            switch name.nameType {
            case .dnsName:
                address == nil && matches(pattern: String(decoding: name.contents, as: UTF8.self), host: host)
            case .ipAddress: address == Array(name.contents)
            default: false
            }
        }
    }

    /// `*` stands for the whole first label only.
    static func matches(pattern: String, host: String) -> Bool {
        let pattern = labels(pattern)
        let host = labels(host)
        guard pattern.count == host.count, pattern.count > 1 || pattern.first != "*" else { return false }
        return zip(pattern, host).enumerated().allSatisfy { index, pair in
            pair.0 == pair.1 || (index == 0 && pair.0 == "*" && pattern.count > 2)
        }
    }

    private static func labels(_ name: String) -> [Substring] {
        let name = name.hasSuffix(".") ? name.dropLast() : name[...]
        return name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    }

    /// The 4 or 16 bytes of an address; nil for a name.
    static func address(_ host: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, host, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
