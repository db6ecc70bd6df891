package import BackupCore

/// Reads a v2 object; gives out nothing that is not proven. Memory: a header of at most 64 KiB, and one chunk.
package struct V2Opener: ByteTransform {
    private enum Unlock {
        case key(DataKey)
        case identities([any Identity])
    }

    private enum State {
        case header
        case preamble(V2Header, DataKey)
        case chunks(Cobblestone)
    }

    private let unlock: Unlock
    private var state = State.header
    /// Bytes that are not yet a header, a preamble or a chunk.
    private var pending: [UInt8] = []
    private var number: UInt64 = 0
    /// Known once it has arrived and is proven.
    package private(set) var header: V2Header?

    package init(key: DataKey) { unlock = .key(key) }

    package init(identities: [any Identity]) { unlock = .identities(identities) }

    package var largestPiece: Int { Cobblestone.chunkSize }

    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var rest = input
        if case .chunks = state {
            try open(&rest, &output)
        } else {
            // A bound, because the header's end may never come.
            let taken = min(V2Header.largestSize + Cobblestone.preambleSize - pending.count, rest.count)
            pending.append(contentsOf: rest[..<taken])
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            try begin(isWhole: false)
            guard case .chunks = state else { return }
            let early = pending
            pending = []
            try early.withUnsafeBytes { early in
                var early = early
                try open(&early, &output)
            }
            try open(&rest, &output)
        }
    }

    package mutating func finish(into output: inout BlockWriter) throws {
        try begin(isWhole: true)
        guard case .chunks(let cipher) = state else { throw FormatError.truncated }
        // The last chunk is shorter than the others, so an end at a chunk's border is a cut.
        guard pending.count >= Cobblestone.tagSize, pending.count < Cobblestone.sealedChunkSize else {
            throw FormatError.truncated
        }
        let last = pending
        pending = []
        try last.withUnsafeBytes { try open(chunk: $0, cipher, &output) }
    }

    /// Reads header and preamble, when all of them have come.
    private mutating func begin(isWhole: Bool) throws {
        if case .header = state {
            guard let header = try V2Header.parse(prefix: pending, isWhole: isWhole) else { return }
            let key = try unlocked(header)
            self.header = header
            pending.removeFirst(header.bytes.count)
            state = .preamble(header, key)
        }
        if case .preamble(let header, let key) = state {
            guard pending.count >= Cobblestone.preambleSize else { return }
            let cipher = Cobblestone(
                key: key, salt: Array(pending[..<Cobblestone.saltSize]), context: header.context)
            let commitment = pending[Cobblestone.saltSize..<Cobblestone.preambleSize]
            // Both sides are public: the time of this comparison tells nothing.
            guard cipher.commitment.elementsEqual(commitment) else { throw FormatError.wrongCommitment }
            pending.removeFirst(Cobblestone.preambleSize)
            state = .chunks(cipher)
        }
    }

    private func unlocked(_ header: V2Header) throws(FormatError) -> DataKey {
        switch unlock {
        case .key(let key):
            try header.prove(with: key)
            return key
        case .identities(let identities):
            return try header.open(with: identities)
        }
    }

    /// Opens all whole chunks of what is pending and `input`, and keeps what remains.
    private mutating func open(_ input: inout UnsafeRawBufferPointer, _ output: inout BlockWriter) throws {
        guard case .chunks(let cipher) = state else { return }
        let size = Cobblestone.sealedChunkSize
        if !pending.isEmpty {
            let missing = min(size - pending.count, input.count)
            pending.append(contentsOf: input[..<missing])
            input = UnsafeRawBufferPointer(rebasing: input[missing...])
            guard pending.count == size else { return }
            let chunk = pending
            pending.removeAll(keepingCapacity: true)
            try chunk.withUnsafeBytes { try open(chunk: $0, cipher, &output) }
        }
        while input.count >= size {
            try open(chunk: UnsafeRawBufferPointer(rebasing: input[..<size]), cipher, &output)
            input = UnsafeRawBufferPointer(rebasing: input[size...])
        }
        pending.append(contentsOf: input)
    }

    private mutating func open(
        chunk: UnsafeRawBufferPointer, _ cipher: Cobblestone, _ output: inout BlockWriter
    ) throws {
        guard number < Cobblestone.largestChunkCount else { throw FormatError.trailingBytes }
        let number = number
        try output.withSpace(atLeast: chunk.count - Cobblestone.tagSize) { space in
            try cipher.open(chunk, number: number, into: space)
        }
        self.number += 1
    }
}
