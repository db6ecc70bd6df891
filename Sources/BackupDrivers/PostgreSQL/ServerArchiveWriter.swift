internal import BackupCore
internal import FoundationEssentials

/// Writes a server's dumps into a sink, one after the other. For blocking threads, one at a time.
///
/// Memory: ``ServerArchive/pieceSize``.
final class ServerArchiveWriter: Sendable {
    private let sink: any ByteSink

    init(_ sink: any ByteSink) { self.sink = sink }

    func add(_ contents: ServerArchive.Contents) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = Array(try encoder.encode(contents))
        guard text.count <= ServerArchive.pieceSize else {
            throw DriverError.damagedArchive("it has too many databases")
        }
        try text.withUnsafeBytes { try add(ServerArchive.contentsName, $0) }
    }

    /// Everything of `source`, in pieces; at least one, which may be empty.
    func add(_ file: String, from source: any ByteSource) throws {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: ServerArchive.pieceSize, alignment: 4096)
        defer { space.deallocate() }
        var number = 0
        while true {
            var filled = 0
            while filled < space.count {
                let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...]))
                if count == 0 { break }
                filled += count
            }
            let digits = String(number)
            let padding = String(repeating: "0", count: max(0, 6 - digits.count))
            if filled > 0 || number == 0 {
                try add("\(file).\(padding)\(digits)", UnsafeRawBufferPointer(rebasing: space[..<filled]))
            }
            if filled < space.count { return }
            number += 1
        }
    }

    /// Two empty blocks, as tar wants it.
    func finish() throws {
        try Array(repeating: UInt8(0), count: 2 * ServerArchive.blockSize).withUnsafeBytes { try sink.write($0) }
    }

    private func add(_ name: String, _ bytes: UnsafeRawBufferPointer) throws {
        try ServerArchive.header(name, size: bytes.count).withUnsafeBytes { try sink.write($0) }
        try sink.write(bytes)
        let padding = [UInt8](repeating: 0, count: ServerArchive.padding(after: bytes.count))
        try padding.withUnsafeBytes { try sink.write($0) }
    }
}
