/// Fills blocks one after another and passes each full one on.
///
/// For a thread: ``withSpace(atLeast:_:)`` waits when the pool is empty, which is how a slow consumer
/// slows its producer down.
package struct BlockWriter: ~Copyable {
    private let nextBlock: () throws -> ByteBlock
    private let emit: (ByteBlock) throws -> Void
    private var block: ByteBlock?
    /// All bytes written so far.
    package private(set) var bytesWritten: UInt64 = 0

    /// - Parameter nextBlock: an empty block, usually from ``BlockPool/take()``.
    package init(nextBlock: @escaping () throws -> ByteBlock, emit: @escaping (ByteBlock) throws -> Void) {
        self.nextBlock = nextBlock
        self.emit = emit
    }

    /// Into blocks of its own, one allocated after another: for small outputs and tests.
    package init(blockSize: Int = 1 << 20, emit: @escaping (ByteBlock) throws -> Void) {
        self.init(nextBlock: { ByteBlock(capacity: blockSize) }, emit: emit)
    }

    /// Gives `body` at least `minimum` bytes of space in one piece; `body` returns how many it filled.
    /// - Precondition: `minimum` is at most the size of a block; asking for more is a defect of the caller.
    package mutating func withSpace(atLeast minimum: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int) throws
    {
        if let block, block.capacity - block.count < minimum { try flush() }
        let target = try block ?? nextBlock()
        block = target
        let before = target.count
        try target.fill(body)
        bytesWritten += UInt64(target.count - before)
        if target.count == target.capacity { try flush() }
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            try withSpace(atLeast: 1) { space in
                let taken = min(rest.count, space.count)
                space.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<taken]))
                rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
                return taken
            }
        }
    }

    package mutating func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// Passes on what is filled, also a block that is not full.
    package mutating func flush() throws {
        guard let full = block, !full.isEmpty else { return }
        block = nil
        try emit(full)
    }
}
