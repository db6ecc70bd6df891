/// The checksum of RDB files: CRC-64/REDIS (polynomial 0xad93d23594c935a9, reflected, from 0, Redis's crc64.c).
struct CRC64: Sendable {
    private(set) var value: UInt64 = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = value
        var index = 0
        // Eight bytes at a time, each through a table of its own.
        Self.tables.withUnsafeBufferPointer { tables in
            while index + 8 <= bytes.count {
                crc ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                var next: UInt64 = 0
                for byte in 0..<8 {
                    next ^= tables[(7 - byte) << 8 | Int(truncatingIfNeeded: (crc >> (8 * UInt64(byte))) & 0xff)]
                }
                crc = next
                index += 8
            }
            while index < bytes.count {
                crc = tables[Int(truncatingIfNeeded: (crc ^ UInt64(bytes[index])) & 0xff)] ^ (crc >> 8)
                index += 1
            }
        }
        value = crc
    }

    static func of(_ bytes: [UInt8]) -> UInt64 {
        var crc = CRC64()
        bytes.withUnsafeBytes { crc.update($0) }
        return crc.value
    }

    /// 8 tables of 256.
    private static let tables: [UInt64] = {
        // The polynomial's bits in reverse order.
        let polynomial: UInt64 = 0x95ac_9329_ac4b_c9b5
        var tables = [UInt64](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt64(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
            tables[byte] = crc
        }
        for table in 1..<8 {
            for byte in 0..<256 {
                let before = tables[(table - 1) << 8 | byte]
                tables[table << 8 | byte] = tables[Int(before & 0xff)] ^ before >> 8
            }
        }
        return tables
    }()
}
