internal import BackupCore
internal import Synchronization

/// The bytes of an RDB file, proven: its beginning, its end, and its CRC-64 over all of it.
///
/// Over the wire a server that doesn't know how long the file will be puts a mark of 40 bytes behind it, which redis-cli
/// passes on when it writes to a pipe. It is taken off. Memory: ``heldBack`` bytes.
/// Source: Redis, rdb.h and rdb.c; "RDB File Format".
final class RDBSource: ByteSource {
    /// `REDIS0010`, or `VALKEY080`.
    static let headerSize = 9
    /// The opcode of the end, and the checksum.
    private static let endSize = 9
    private static let markSize = 40
    private static let heldBack = endSize + markSize
    private static let endOpcode: UInt8 = 0xff

    private struct State {
        var crc = CRC64()
        /// The last bytes that came, which are not passed on yet.
        var last: [UInt8] = []
        var header: [UInt8] = []
        var isAtEnd = false
    }

    private let source: any ByteSource
    private let name: String
    private let state = Mutex(State())

    /// - Parameter name: of what the bytes come from, for messages.
    init(_ source: any ByteSource, name: String) {
        self.source = source
        self.name = name
    }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            while true {
                if state.isAtEnd { return take(space, &state) }
                // Room for what is held back, which goes first.
                let part = UnsafeMutableRawBufferPointer(rebasing: space[Swift.min(Self.heldBack, space.count / 2)...])
                let count = try source.read(into: part)
                if count == 0 {
                    try end(&state)
                    continue
                }
                let passed = try pass(UnsafeRawBufferPointer(rebasing: part[..<count]), into: space, &state)
                if passed > 0 { return passed }
            }
        }
    }

    func cancel() { source.cancel() }

    /// Moves what is surely not the end to the beginning of `space`; returns how much it is.
    private func pass(
        _ bytes: UnsafeRawBufferPointer, into space: UnsafeMutableRawBufferPointer, _ state: inout State
    ) throws -> Int {
        try checkHeader(bytes, &state)
        let surplus = state.last.count + bytes.count - Self.heldBack
        guard surplus > 0 else {
            state.last += bytes
            return 0
        }
        let old = Array(state.last.prefix(surplus))
        let new = surplus - old.count
        state.last.removeFirst(old.count)
        state.last += bytes[new...]
        // In this order: the bytes lie in `space` too, further back.
        if new > 0, let start = bytes.baseAddress {
            space.baseAddress?.advanced(by: old.count).copyMemory(from: start, byteCount: new)
        }
        space.copyBytes(from: old)
        state.crc.update(UnsafeRawBufferPointer(rebasing: space[..<surplus]))
        return surplus
    }

    private func checkHeader(_ bytes: UnsafeRawBufferPointer, _ state: inout State) throws {
        guard state.header.count < Self.headerSize else { return }
        state.header += bytes.prefix(Self.headerSize - state.header.count)
        let text = String(decoding: state.header, as: UTF8.self)
        guard ["REDIS", "VALKEY"].contains(where: { $0.hasPrefix(text.prefix(6)) || text.hasPrefix($0) }) else {
            throw DriverError.unexpectedDump(name)
        }
    }

    /// Finds the end in what was held back, with the mark behind it or without.
    private func end(_ state: inout State) throws {
        state.isAtEnd = true
        for surplus in [0, Self.markSize] where state.last.count >= Self.endSize + surplus {
            let rest = Array(state.last.dropLast(surplus))
            guard rest[rest.count - Self.endSize] == Self.endOpcode else { continue }
            var crc = state.crc
            rest.dropLast(8).withUnsafeBytes { crc.update($0) }
            let written = rest.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // 0: the server was told to compute none (rdbchecksum no).
            guard written == crc.value || written == 0 else { continue }
            state.last = rest
            return
        }
        throw DriverError.incompleteDump(name)
    }

    private func take(_ space: UnsafeMutableRawBufferPointer, _ state: inout State) -> Int {
        let piece = state.last.prefix(space.count)
        space.copyBytes(from: piece)
        state.last.removeFirst(piece.count)
        return piece.count
    }
}
