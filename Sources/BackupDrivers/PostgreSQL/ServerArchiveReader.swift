internal import BackupCore
internal import FoundationEssentials

/// Takes a server's archive apart as its bytes arrive.
///
/// Memory: `contents.json`, at most ``ServerArchive/pieceSize``, and one block.
struct ServerArchiveReader {
    enum Event {
        case contents(ServerArchive.Contents)
        /// A file begins: all that follows until the next one are its bytes.
        case file(String)
        case bytes(UnsafeRawBufferPointer)
    }

    private enum State {
        case header([UInt8])
        case contents([UInt8], rest: Int, padding: Int)
        case data(rest: Int, padding: Int)
        case padding(Int)
        case ended
    }

    private var state = State.header([])
    private var file: String?
    /// The number of the file's next piece.
    private var piece = 0

    /// - Throws: ``DriverError/damagedArchive(_:)`` when the archive's end has not come.
    func finish() throws(DriverError) {
        guard case .ended = state else { throw .damagedArchive("it was cut short") }
    }

    /// Takes the beginning of `bytes`, with one event at most, and returns how many it took. `bytes` are not empty.
    /// - Throws: ``DriverError/damagedArchive(_:)``; what `handle` throws.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws -> Int {
        switch state {
        case .header(var header):
            let part = bytes.prefix(ServerArchive.blockSize - header.count)
            header.append(contentsOf: part)
            state = .header(header)
            if header.count == ServerArchive.blockSize { try begin(header, handle) }
            return part.count
        case .contents(var text, let rest, let padding):
            let part = bytes.prefix(rest)
            text.append(contentsOf: part)
            state = .contents(text, rest: rest - part.count, padding: padding)
            if part.count == rest {
                guard let contents = try? JSONDecoder().decode(ServerArchive.Contents.self, from: Data(text)),
                    contents.version == 1
                else { throw DriverError.damagedArchive("its list of databases can't be read") }
                try handle(.contents(contents))
                state = padding == 0 ? .header([]) : .padding(padding)
            }
            return part.count
        case .data(let rest, let padding):
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(rest))
            try handle(.bytes(part))
            state = part.count < rest ? .data(rest: rest - part.count, padding: padding) : .padding(padding)
            if case .padding(0) = state { state = .header([]) }
            return part.count
        case .padding(let rest):
            let count = min(rest, bytes.count)
            state = count < rest ? .padding(rest - count) : .header([])
            return count
        case .ended: return bytes.count
        }
    }

    private mutating func begin(_ header: [UInt8], _ handle: (Event) throws -> Void) throws {
        guard let (name, size) = try ServerArchive.parse(header) else {
            state = .ended
            return
        }
        let padding = ServerArchive.padding(after: size)
        if name == ServerArchive.contentsName, file == nil {
            state = .contents([], rest: size, padding: padding)
            return
        }
        guard let dot = name.lastIndex(of: "."), let number = Int(name[name.index(after: dot)...]), number >= 0 else {
            throw DriverError.damagedArchive("it has a member '\(name)'")
        }
        if String(name[..<dot]) != file {
            file = String(name[..<dot])
            piece = 0
            try handle(.file(String(name[..<dot])))
        }
        guard number == piece else { throw DriverError.damagedArchive("a piece of \(name[..<dot]) is missing") }
        piece += 1
        state = size > 0 ? .data(rest: size, padding: padding) : .header([])
    }
}

/// Passes one database of a server's archive on, and nothing else. For one writing thread.
///
/// `@unchecked Sendable`: the pipeline writes from one thread, and `finish()` comes after its last write.
final class ServerArchiveSelection: ByteSink, @unchecked Sendable {
    private let name: String
    private let sink: any ByteSink
    private var reader = ServerArchiveReader()
    private var wanted: String?
    private var isWanted = false

    init(of name: String, into sink: any ByteSink) {
        self.name = name
        self.sink = sink
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let used = try reader.take(rest, pass)
            rest = UnsafeRawBufferPointer(rebasing: rest[used...])
        }
    }

    private func pass(_ event: ServerArchiveReader.Event) throws {
        switch event {
        case .contents(let contents):
            wanted = contents.databases.first { $0.name.equalsBytes(name) }?.file
            guard wanted != nil else {
                throw DriverError.notInBackup(name, databases: contents.databases.map(\.name))
            }
        case .file(let file): isWanted = file == wanted
        case .bytes(let bytes): if isWanted { try sink.write(bytes) }
        }
    }

    /// - Throws: ``DriverError/damagedArchive(_:)``.
    func finish() throws { try reader.finish() }

    func cancel() { sink.cancel() }
}
