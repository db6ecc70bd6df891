internal import Glibc

/// One spelling for a host that has many: rules are compared with it.
///
/// The resolver takes `127.1`, `0x7f.0.0.1` and `2130706433` for 127.0.0.1 (inet_aton(3)), and `::ffff:127.0.0.1` is that
/// address too; a rule that denies an address must deny them all. A name that leads to an address is another matter.
enum CanonicalHost {
    /// - Parameter host: without brackets.
    static func of(_ host: String) -> String {
        // A dot at the end makes a name absolute and no other.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        var short = in_addr()
        if inet_aton(name, &short) != 0 { return dotted(withUnsafeBytes(of: &short.s_addr) { Array($0) }) }
        var long = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, name, &long) == 1 else { return name }
        if long.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) { return dotted(long.suffix(4)) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &long, &text, socklen_t(text.count)) != nil else { return name }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func dotted(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0) }.joined(separator: ".")
    }
}
