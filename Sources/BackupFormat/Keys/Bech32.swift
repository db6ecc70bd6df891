/// Bech32 (BIP 173) without its limit of 90 characters, as the age format uses it.
enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    static func encode(_ bytes: [UInt8], prefix: String) -> String {
        let values = regroup(bytes, from: 8, to: 5, pads: true) ?? []
        let symbols = values + checksum(values, prefix: prefix)
        return prefix + "1" + String(decoding: symbols.map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// nil when it is malformed, of another prefix, of mixed case, or of a wrong checksum.
    static func decode(_ text: String, prefix: String) -> [UInt8]? {
        let isUpper = text == text.uppercased()
        guard isUpper || text == text.lowercased() else { return nil }
        let lower = text.lowercased()
        guard lower.utf8.count <= 256, lower.hasPrefix(prefix + "1") else { return nil }
        let symbols = lower.utf8.dropFirst(prefix.utf8.count + 1).map { alphabet.firstIndex(of: $0).map(UInt8.init) }
        let values = symbols.compactMap { $0 }
        guard values.count == symbols.count, values.count >= 6 else { return nil }
        let data = Array(values.dropLast(6))
        guard checksum(data, prefix: prefix) == Array(values.suffix(6)) else { return nil }
        return regroup(data, from: 5, to: 8, pads: false)
    }

    private static func checksum(_ values: [UInt8], prefix: String) -> [UInt8] {
        let expanded = prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }
        let remainder = polymod(expanded + values + [0, 0, 0, 0, 0, 0]) ^ 1
        return (0..<6).map { UInt8(remainder >> UInt32(5 * (5 - $0)) & 31) }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        return values.reduce(1) { remainder, value in
            let top = remainder >> 25
            let next = (remainder & 0x1ff_ffff) << 5 ^ UInt32(value)
            return (0..<5).reduce(next) { top >> UInt32($1) & 1 == 1 ? $0 ^ generator[$1] : $0 }
        }
    }

    private static func regroup(_ values: [UInt8], from: Int, to: Int, pads: Bool) -> [UInt8]? {
        var accumulator = 0
        var bits = 0
        var output: [UInt8] = []
        for value in values {
            accumulator = (accumulator << from | Int(value)) & 0xfff
            bits += from
            while bits >= to {
                bits -= to
                output.append(UInt8(accumulator >> bits & ((1 << to) - 1)))
            }
        }
        if pads {
            if bits > 0 { output.append(UInt8(accumulator << (to - bits) & ((1 << to) - 1))) }
        } else if bits >= from || accumulator & ((1 << bits) - 1) != 0 {
            return nil
        }
        return output
    }
}
