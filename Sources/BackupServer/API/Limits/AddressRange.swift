internal import Glibc

/// An IPv4 or IPv6 address. IPv4 inside of IPv6 (`::ffff:a.b.c.d`) is IPv4.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    package let bytes: [UInt8]

    package init?(_ text: String) {
        if let v4 = Self.parse(text, AF_INET, count: 4) {
            bytes = v4
        } else if let v6 = Self.parse(text, AF_INET6, count: 16) {
            let isMapped = v6.prefix(10).allSatisfy { $0 == 0 } && v6[10] == 0xff && v6[11] == 0xff
            bytes = isMapped ? Array(v6.suffix(4)) : v6
        } else {
            return nil
        }
    }

    private static func parse(_ text: String, _ family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

/// `10.0.0.0/8`, `fd00::/8`, or one address.
package struct AddressRange: Sendable, Hashable {
    private let base: IPAddress
    private let bits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = IPAddress(String(parts[0])) else { return nil }
        let bits = parts.count == 1 ? base.bytes.count * 8 : Int(parts[1]) ?? -1
        guard (0...base.bytes.count * 8).contains(bits) else { return nil }
        self.base = base
        self.bits = bits
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == base.bytes[bit / 8] & mask
        }
    }
}
