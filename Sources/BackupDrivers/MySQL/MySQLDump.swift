internal import BackupCore
internal import Synchronization

/// The bytes of one or several calls of mysqldump, one after the other, each of which was seen to be whole.
///
/// mysqldump says `-- Dump completed` last, and only then. Memory: ``edge`` of each end.
final class MySQLDump: ByteSource {
    private struct State {
        var prefix: ArraySlice<UInt8>
        var parts: ArraySlice<any ByteSource>
        /// The first bytes of the part that is being read, until they are enough to be looked at.
        var beginning: [UInt8]? = []
        var ending: [UInt8] = []
    }

    private static let edge = 128
    private static let banners = ["-- MariaDB dump", "-- MySQL dump", "/*M!999999\\- ", "/*!999999\\- "].map {
        Array($0.utf8)
    }
    private static let completion = Array("-- Dump completed".utf8)

    private let name: String
    private let all: [any ByteSource]
    private let state: Mutex<State>

    /// - Parameter prefix: SQL of ours, before the first part.
    init(_ parts: [any ByteSource], prefix: String, tool: String) {
        name = tool
        all = parts
        state = Mutex(State(prefix: Array(prefix.utf8)[...], parts: parts[...]))
    }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            if !state.prefix.isEmpty {
                let piece = state.prefix.prefix(space.count)
                space.copyBytes(from: piece)
                state.prefix = state.prefix.dropFirst(piece.count)
                return piece.count
            }
            while let part = state.parts.first {
                let count = try part.read(into: space)
                try check(UnsafeRawBufferPointer(rebasing: space[..<count]), &state)
                if count > 0 { return count }
                state.parts = state.parts.dropFirst()
            }
            return 0
        }
    }

    func cancel() { for part in all { part.cancel() } }

    private func check(_ bytes: UnsafeRawBufferPointer, _ state: inout State) throws {
        if let beginning = state.beginning {
            let seen = beginning + bytes.prefix(Self.edge - beginning.count)
            let isKnown = Self.banners.contains { seen.starts(with: $0) }
            guard isKnown || seen.count < Self.edge && !bytes.isEmpty else { throw DriverError.unexpectedDump(name) }
            state.beginning = isKnown ? nil : seen
        }
        state.ending = (state.ending + bytes.suffix(Self.edge)).suffix(Self.edge)
        guard bytes.isEmpty else { return }
        let lastLine = state.ending.split(separator: 0x0a).last ?? []
        guard lastLine.starts(with: Self.completion), state.ending.last == 0x0a else {
            throw DriverError.incompleteDump(name)
        }
        state.beginning = []
        state.ending = []
    }
}
