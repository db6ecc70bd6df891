import BackupTestSupport

/// One field as it stands in the bytes of a protobuf, read and written without the code under test.
struct RawField: Equatable {
    let number: Int
    let wireType: Int
    /// The value of a varint, or of 4 or 8 fixed bytes.
    var value: UInt64 = 0
    /// The content of a length-delimited field.
    var bytes: [UInt8] = []

    static func varint(_ number: Int, _ value: UInt64) -> RawField {
        RawField(number: number, wireType: 0, value: value)
    }
    static func bytes(_ number: Int, _ bytes: [UInt8]) -> RawField {
        RawField(number: number, wireType: 2, bytes: bytes)
    }

    var encoded: [UInt8] {
        var out = Self.encode(UInt64(number << 3 | wireType))
        switch wireType {
        case 0: out += Self.encode(value)
        case 1: out += (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        case 5: out += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        default: out += Self.encode(UInt64(bytes.count)) + bytes
        }
        return out
    }

    static func all(_ bytes: [UInt8]) throws -> [RawField] {
        var rest = bytes[...]
        var fields: [RawField] = []
        while !rest.isEmpty {
            let tag = try varint(&rest)
            var field = RawField(number: Int(tag >> 3), wireType: Int(tag & 7))
            switch field.wireType {
            case 0: field.value = try varint(&rest)
            case 1: field.value = try fixed(8, &rest)
            case 5: field.value = try fixed(4, &rest)
            case 2:
                let count = Int(try varint(&rest))
                guard count <= rest.count else { throw TestFailure("field \(field.number) is cut short") }
                field.bytes = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            default: throw TestFailure("wire type \(field.wireType)")
            }
            fields.append(field)
        }
        return fields
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw TestFailure("a varint has no end")
    }

    private static func fixed(_ count: Int, _ bytes: inout ArraySlice<UInt8>) throws -> UInt64 {
        guard bytes.count >= count else { throw TestFailure("a fixed number is cut short") }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func encode(_ value: UInt64) -> [UInt8] {
        var rest = value
        var out: [UInt8] = []
        while rest >= 0x80 {
            out.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return out + [UInt8(rest)]
    }
}
