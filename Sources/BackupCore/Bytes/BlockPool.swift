/// A fixed number of equal blocks, made on first use and used again.
///
/// The pool is the bound on a stage's memory: `blockSize × count` bytes at most, because a producer
/// waits in ``take()`` until a consumer has dropped a block.
package final class BlockPool: Sendable {
    private struct State {
        var free: [UnsafeMutableRawBufferPointer] = []
        var made = 0
        var isClosed = false
    }

    package let blockSize: Int
    package let count: Int
    private let state = Monitor(State())

    package init(blockSize: Int, count: Int) {
        self.blockSize = blockSize
        self.count = count
    }

    deinit { state.update { state in state.free.forEach { $0.deallocate() } } }

    /// An empty block; blocks the calling thread until there is one.
    /// - Throws: `CancellationError` once the pool is closed.
    package func take() throws -> ByteBlock {
        let memory = try state.wait { state -> UnsafeMutableRawBufferPointer? in
            if state.isClosed { throw CancellationError() }
            if let memory = state.free.popLast() { return memory }
            guard state.made < self.count else { return nil }
            state.made += 1
            return .allocate(byteCount: self.blockSize, alignment: 4096)
        }
        return ByteBlock(memory: memory, pool: self)
    }

    /// Lets every thread that waits for a block, now or later, go with `CancellationError`.
    package func close() { state.update { $0.isClosed = true } }

    func giveBack(_ memory: UnsafeMutableRawBufferPointer) { state.update { $0.free.append(memory) } }
}
