/// Two streams in one: each frame has a byte that says which, three zeros, and its length in 4 bytes, big-endian (Docker Engine
/// API, "Attach to a container", "Stream format"). Memory: a header.
struct DockerFrames {
    enum Stream: UInt8 {
        case output = 1
        case errors = 2
    }

    private var header: [UInt8] = []
    private var stream = Stream.output
    private var rest = 0

    /// Whether a frame has just ended, so that the stream may end here.
    var isAtBorder: Bool { header.isEmpty && rest == 0 }

    /// - Throws: ``DriverError/dockerFailed(_:)`` for what is no frame; what `pass` throws.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ pass: (Stream, UnsafeRawBufferPointer) throws -> Void) throws
    {
        var index = 0
        while index < bytes.count {
            if rest > 0 {
                let end = min(index + rest, bytes.count)
                try pass(stream, UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
                rest -= end - index
                index = end
                continue
            }
            header.append(bytes[index])
            index += 1
            if header.count == 8 { try begin() }
        }
    }

    private mutating func begin() throws {
        guard let stream = Stream(rawValue: header[0]), header[1...3].allSatisfy({ $0 == 0 }) else {
            throw DriverError.dockerFailed("its stream has a frame of an unknown kind")
        }
        self.stream = stream
        rest = header[4...].reduce(0) { $0 << 8 | Int($1) }
        header.removeAll(keepingCapacity: true)
    }
}
