package import BackupCore
internal import Synchronization

/// Passes everything to another store, and fails the operation with a given number; a put also half-way.
package final class FaultyStore: ObjectStore {
    package struct Fault: Error {
        package let operation: Int
    }

    package var location: String { store.location }
    private let store: any ObjectStore
    private let failing: Int
    private let count = Mutex(0)

    /// - Parameter failing: from 0. Each put counts as two operations: its beginning, and its source's second block.
    package init(_ store: any ObjectStore, failing: Int) {
        self.store = store
        self.failing = failing
    }

    /// How many operations there were.
    package var operations: Int { count.withLock { $0 } }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        try step()
        let cutHere = next()
        let cut = failing == cutHere ? CutStream(source: source, fault: Fault(operation: cutHere)) : nil
        return try await store.put(key, from: cut ?? source, sizeHint: sizeHint)
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try step()
        return try await store.get(key, range: range)
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? {
        try step()
        return try await store.info(key)
    }

    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        store.list(prefix: prefix)
    }

    package func delete(_ key: ObjectKey) async throws {
        try step()
        try await store.delete(key)
    }

    private func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }

    private func step() throws {
        let operation = next()
        if operation == failing { throw Fault(operation: operation) }
    }
}

/// The first block of a stream, then an error.
private struct CutStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error
    let source: ByteStream
    let fault: FaultyStore.Fault

    func makeAsyncIterator() -> Iterator { Iterator(source: source, fault: fault) }

    struct Iterator: AsyncIteratorProtocol {
        let source: ByteStream
        let fault: FaultyStore.Fault
        var isFirst = true

        mutating func next() async throws -> ByteBlock? {
            guard isFirst else { throw fault }
            isFirst = false
            var blocks: any AsyncIteratorProtocol<ByteBlock, any Error> = source.makeAsyncIterator()
            return try await blocks.next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}
