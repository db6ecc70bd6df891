/// A block of memory that travels through a pipeline, filled by one stage and read by the next.
///
/// Letting go of the last reference gives the memory back to the pool it came from, so a stage
/// releases a block by dropping it, on every path, failures included.
///
/// `@unchecked Sendable`: a block has one owner at a time. A producer fills it through
/// ``BlockWriter`` (or ``append(_:)``) before it hands it on, and nobody writes to it afterwards; the queue
/// between two stages orders the writes before the reads.
package final class ByteBlock: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    private let pool: BlockPool?
    /// How many bytes are filled.
    package private(set) var count = 0

    package var capacity: Int { memory.count }
    package var isEmpty: Bool { count == 0 }

    /// A block outside any pool, freed when it is dropped.
    package init(capacity: Int) {
        memory = .allocate(byteCount: max(capacity, 1), alignment: 64)
        pool = nil
    }

    init(memory: UnsafeMutableRawBufferPointer, pool: BlockPool) {
        self.memory = memory
        self.pool = pool
    }

    package convenience init(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        self.init(capacity: bytes.count)
        bytes.withUnsafeBytes { _ = append($0) }
    }

    deinit {
        if let pool { pool.giveBack(memory) } else { memory.deallocate() }
    }

    /// The filled bytes, valid during `body`.
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    /// The free space behind the filled bytes; `body` returns how much of it it filled.
    package func fill(_ body: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        let filled = try body(UnsafeMutableRawBufferPointer(rebasing: memory[count...]))
        count = min(count + max(filled, 0), memory.count)
    }

    /// Copies as many of `bytes` as there is room for, and returns how many that were.
    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, memory.count - count)
        fill { space in
            space.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
            return taken
        }
        return taken
    }
}
