/// Takes a stream apart into its lines. Memory: ``longest``.
struct DockerLines {
    /// An event repeats all labels of its container.
    static let longest = 1 << 20

    private var line: [UInt8] = []

    /// - Throws: ``DriverError/dockerFailed(_:)`` for a line that is too long; what `pass` throws.
    mutating func take(_ bytes: ArraySlice<UInt8>, _ pass: ([UInt8]) throws -> Void) throws {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0a) {
            line += rest[..<end]
            rest = rest[(end + 1)...]
            try check()
            if !line.isEmpty { try pass(line) }
            line.removeAll(keepingCapacity: true)
        }
        line += rest
        try check()
    }

    private func check() throws {
        guard line.count <= Self.longest else { throw DriverError.dockerFailed("one of its events is too long") }
    }
}
