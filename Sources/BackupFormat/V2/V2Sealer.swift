package import BackupCore

/// Writes a v2 object: the header, then the payload. Memory: one chunk of 16 KiB.
package struct V2Sealer: ByteTransform {
    private let header: V2Header
    private let salt: [UInt8]
    private let cipher: Cobblestone
    private var pending: [UInt8] = []
    private var number: UInt64 = 0
    private var hasBegun = false

    package init(header: V2Header, key: DataKey) {
        var random = SystemRandomNumberGenerator()
        self.init(header: header, key: key, salt: (0..<Cobblestone.saltSize).map { _ in random.next() })
    }

    /// With a given salt of 24 bytes: for test vectors only.
    package init(header: V2Header, key: DataKey, salt: [UInt8]) {
        self.header = header
        self.salt = salt
        cipher = Cobblestone(key: key, salt: salt, context: header.context)
        pending.reserveCapacity(Cobblestone.chunkSize)
    }

    package var largestPiece: Int { Cobblestone.sealedChunkSize }

    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        try begin(&output)
        var rest = input
        if !pending.isEmpty {
            let missing = min(Cobblestone.chunkSize - pending.count, rest.count)
            pending.append(contentsOf: rest[..<missing])
            rest = UnsafeRawBufferPointer(rebasing: rest[missing...])
            if pending.count == Cobblestone.chunkSize { try sealPending(&output) }
        }
        while rest.count >= Cobblestone.chunkSize {
            try seal(UnsafeRawBufferPointer(rebasing: rest[..<Cobblestone.chunkSize]), &output)
            rest = UnsafeRawBufferPointer(rebasing: rest[Cobblestone.chunkSize...])
        }
        pending.append(contentsOf: rest)
    }

    package mutating func finish(into output: inout BlockWriter) throws {
        try begin(&output)
        try sealPending(&output)
    }

    private mutating func begin(_ output: inout BlockWriter) throws {
        guard !hasBegun else { return }
        hasBegun = true
        try output.write(header.bytes)
        try output.write(salt)
        try output.write(cipher.commitment)
    }

    private mutating func sealPending(_ output: inout BlockWriter) throws {
        let chunk = pending
        pending.removeAll(keepingCapacity: true)
        try chunk.withUnsafeBytes { try seal($0, &output) }
    }

    private mutating func seal(_ chunk: UnsafeRawBufferPointer, _ output: inout BlockWriter) throws {
        let size = chunk.count + Cobblestone.tagSize
        try output.withSpace(atLeast: size) { space in
            try cipher.seal(chunk, number: number, into: UnsafeMutableRawBufferPointer(rebasing: space[..<size]))
            return size
        }
        number += 1
    }
}
