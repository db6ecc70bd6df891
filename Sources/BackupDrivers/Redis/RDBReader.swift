internal import BackupCore

/// Takes an RDB file apart into keys and their values as `RESTORE` wants them. For one blocking thread.
///
/// Memory: one value, at most ``largestValue``: a server takes no longer one in a command.
/// Source: Redis, rdb.h and rdb.c; Valkey's rdb.h for types from version 80 on.
struct RDBReader {
    /// 512 MiB: `proto-max-bulk-len`.
    static let largestValue = 512 << 20

    enum Item {
        case database(UInt64)
        /// A library of functions, as its source.
        case function([UInt8])
        /// - Parameters:
        ///   - expires: in milliseconds since 1970, or nil.
        ///   - payload: as `DUMP` would give it.
        case key([UInt8], expires: UInt64?, payload: [UInt8])
    }

    private let source: any ByteSource
    private var buffer: [UInt8]
    private var rest: Range<Int> = 0..<0
    private var version: UInt16 = 0
    private var isValkey = false
    /// What is being copied into a payload, while something is.
    private var copy: [UInt8]?

    init(_ source: any ByteSource) {
        self.source = source
        buffer = [UInt8](repeating: 0, count: 256 << 10)
    }

    /// Hands every item to `body`, up to the end.
    /// - Throws: ``DriverError/damagedArchive(_:)``; what `body` throws.
    mutating func forEach(_ body: (Item) throws -> Void) throws {
        try readHeader()
        var expires: UInt64?
        while true {
            let opcode = try byte()
            switch opcode {
            case 0xff:
                // The checksum, which was proven before; and nothing else.
                _ = try bytes(8)
                guard try rest.isEmpty && read() == 0 else {
                    throw DriverError.damagedArchive("it goes on behind its end")
                }
                return
            case 0xfe: try body(.database(length()))
            case 0xfd: expires = try number(4) * 1000
            case 0xfc: expires = try number(8)
            case 0xfb: for _ in 0..<2 { _ = try length() }
            case 0xfa: for _ in 0..<2 { try skipString() }
            case 0xf9: _ = try byte()
            case 0xf8: _ = try length()
            case 0xf7:
                for _ in 0..<3 { _ = try length() }
                try skipModule()
            case 0xf5: try body(.function(string()))
            case 0xf4: for _ in 0..<3 { _ = try length() }
            case 0xf0...0xf6: throw unknown(opcode)
            default:
                let key = try string()
                try body(.key(key, expires: expires, payload: payload(type: opcode)))
                expires = nil
            }
        }
    }

    private mutating func readHeader() throws {
        let header = String(decoding: try bytes(RDBSource.headerSize), as: UTF8.self)
        guard let match = header.wholeMatch(of: /(REDIS|VALKEY)([0-9]{3,4})/), let version = UInt16(match.2) else {
            throw DriverError.damagedArchive("it is no RDB file")
        }
        self.version = version
        isValkey = match.1 == "VALKEY"
    }

    /// Type, value, version and checksum.
    private mutating func payload(type: UInt8) throws -> [UInt8] {
        copy = [type]
        try skipValue(type)
        var payload = copy ?? []
        copy = nil
        payload += [UInt8(version & 0xff), UInt8(version >> 8)]
        let crc = CRC64.of(payload)
        return payload + (0..<8).map { UInt8(truncatingIfNeeded: crc >> (8 * UInt64($0))) }
    }

    // MARK: Values

    private mutating func skipValue(_ type: UInt8) throws {
        switch type {
        // Strings, and everything that is packed into one: zipmap, ziplist, intset, listpack.
        case 0, 9...13, 16, 17, 20: try skipString()
        case 1, 2, 14: try times(length()) { try $0.skipString() }
        case 3:
            try times(length()) {
                try $0.skipString()
                try $0.skipTextDouble()
            }
        case 4: try times(length()) { for _ in 0..<2 { try $0.skipString() } }
        case 5:
            try times(length()) {
                try $0.skipString()
                try $0.skip(8)
            }
        case 7:
            _ = try length()
            try skipModule()
        case 15, 19, 21: try skipStream(version: [15: 1, 19: 2, 21: 3][type] ?? 1)
        case 18:
            try times(length()) {
                _ = try $0.length()
                try $0.skipString()
            }
        // Hashes whose fields expire: Valkey's, and Redis's two.
        case 22 where isValkey:
            try times(length()) {
                for _ in 0..<2 { try $0.skipString() }
                try $0.skip(8)
            }
        case 24:
            try skip(8)
            try times(length()) {
                _ = try $0.length()
                for _ in 0..<2 { try $0.skipString() }
            }
        case 25:
            try skip(8)
            try skipString()
        default: throw unknown(type)
        }
    }

    private mutating func skipStream(version: Int) throws {
        try times(length()) { for _ in 0..<2 { try $0.skipString() } }
        // Length and last id; then the first id, the largest deleted one, and how many were ever added.
        for _ in 0..<(version == 1 ? 3 : 8) { _ = try length() }
        try times(length()) { group in
            try group.skipString()
            for _ in 0..<(version == 1 ? 2 : 3) { _ = try group.length() }
            try group.times(group.length()) {
                try $0.skip(16 + 8)
                _ = try $0.length()
            }
            try group.times(group.length()) { consumer in
                try consumer.skipString()
                try consumer.skip(version == 3 ? 16 : 8)
                try consumer.times(consumer.length()) { try $0.skip(16) }
            }
        }
    }

    /// A module's own data, each piece with a mark before it.
    private mutating func skipModule() throws {
        while case let mark = try length(), mark != 0 {
            switch mark {
            case 1, 2: _ = try length()
            case 3: try skip(4)
            case 4: try skip(8)
            case 5: try skipString()
            default: throw DriverError.damagedArchive("a module's value can't be read")
            }
        }
    }

    private mutating func skipTextDouble() throws {
        let count = try byte()
        // Not a number, and the two infinities.
        if count < 253 { try skip(Int(count)) }
    }

    private mutating func times(_ count: UInt64, _ body: (inout RDBReader) throws -> Void) throws {
        var left = count
        while left > 0 {
            try body(&self)
            left -= 1
        }
    }

    // MARK: Strings and numbers

    private enum Length {
        case plain(UInt64)
        case special(UInt8)
    }

    private mutating func encodedLength() throws -> Length {
        let first = try byte()
        switch first >> 6 {
        case 0: return .plain(UInt64(first & 0x3f))
        case 1: return .plain(UInt64(first & 0x3f) << 8 | UInt64(try byte()))
        case 2 where first == 0x80: return .plain(try bytes(4).reduce(0) { $0 << 8 | UInt64($1) })
        case 2 where first == 0x81: return .plain(try bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
        case 3: return .special(first & 0x3f)
        default: throw DriverError.damagedArchive("a length can't be read")
        }
    }

    private mutating func length() throws -> UInt64 {
        guard case .plain(let value) = try encodedLength() else {
            throw DriverError.damagedArchive("a length can't be read")
        }
        return value
    }

    private mutating func skipString() throws {
        switch try encodedLength() {
        case .plain(let count): try skip(size(count))
        case .special(let kind) where kind < 3: try skip(1 << Int(kind))
        case .special(3):
            let count = try length()
            _ = try length()
            try skip(size(count))
        case .special: throw DriverError.damagedArchive("a string can't be read")
        }
    }

    /// The string itself.
    private mutating func string() throws -> [UInt8] {
        switch try encodedLength() {
        case .plain(let count): return try bytes(size(count))
        case .special(0): return Array(String(Int8(bitPattern: UInt8(truncatingIfNeeded: try number(1)))).utf8)
        case .special(1): return Array(String(Int16(bitPattern: UInt16(truncatingIfNeeded: try number(2)))).utf8)
        case .special(2): return Array(String(Int32(bitPattern: UInt32(truncatingIfNeeded: try number(4)))).utf8)
        case .special(3):
            let (compressed, size) = (try self.size(length()), try self.size(length()))
            guard let text = LZF.decompress(try bytes(compressed), size: size) else {
                throw DriverError.damagedArchive("a compressed string can't be read")
            }
            return text
        case .special: throw DriverError.damagedArchive("a string can't be read")
        }
    }

    private func size(_ count: UInt64) throws -> Int {
        guard count <= UInt64(Self.largestValue) else { throw DriverError.valueTooLarge(count) }
        return Int(count)
    }

    /// Little-endian.
    private mutating func number(_ count: Int) throws -> UInt64 {
        try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func unknown(_ type: UInt8) -> DriverError {
        .damagedArchive("it has a value of type \(type), which this program can't send to a running server")
    }

    // MARK: Bytes

    private mutating func byte() throws -> UInt8 {
        if rest.isEmpty { try fill() }
        let byte = buffer[rest.lowerBound]
        rest = rest.lowerBound + 1..<rest.upperBound
        copy?.append(byte)
        return byte
    }

    private mutating func bytes(_ count: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        try forEachPiece(count) { result += $0 }
        copy?.append(contentsOf: result)
        return result
    }

    private mutating func skip(_ count: Int) throws {
        guard var copy else { return try forEachPiece(count) { _ in } }
        guard copy.count + count <= Self.largestValue else {
            throw DriverError.valueTooLarge(UInt64(copy.count + count))
        }
        self.copy = nil
        try forEachPiece(count) { copy += $0 }
        self.copy = copy
    }

    private mutating func forEachPiece(_ count: Int, _ body: (ArraySlice<UInt8>) -> Void) throws {
        var left = count
        while left > 0 {
            if rest.isEmpty { try fill() }
            let piece = rest.prefix(left)
            body(buffer[piece])
            left -= piece.count
            rest = piece.upperBound..<rest.upperBound
        }
    }

    private mutating func fill() throws {
        guard try read() > 0 else { throw DriverError.damagedArchive("it was cut short") }
    }

    private mutating func read() throws -> Int {
        let source = source
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        rest = 0..<count
        return count
    }
}
