internal import BackupCore

/// Objects, or beginnings of objects, that fit into memory.
enum SmallObject {
    /// Reads a whole object.
    /// - Throws: ``PipelineError/objectTooLarge(_:limit:)`` before more than `limit` bytes are held.
    static func read(_ key: ObjectKey, from store: any ObjectStore, limit: Int) async throws -> [UInt8] {
        let content = try await store.get(key, range: nil)
        guard content.objectSize <= UInt64(limit) else {
            throw PipelineError.objectTooLarge(key.string, limit: limit)
        }
        return try await collect(content.bytes, upTo: limit)
    }

    /// Reads a part of an object that is short enough to be held, and the whole object's size.
    static func range(
        _ range: Range<UInt64>, of key: ObjectKey, in store: any ObjectStore
    ) async throws -> (bytes: [UInt8], objectSize: UInt64) {
        let content = try await store.get(key, range: range)
        return (try await collect(content.bytes, upTo: Int(range.count)), content.objectSize)
    }

    /// Stores a few bytes.
    static func write(_ bytes: [UInt8], to key: ObjectKey, in store: any ObjectStore) async throws {
        let stream = AsyncThrowingStream<ByteBlock, any Error> { continuation in
            continuation.yield(ByteBlock(bytes))
            continuation.finish()
        }
        _ = try await store.put(key, from: stream, sizeHint: UInt64(bytes.count))
    }

    private static func collect(_ bytes: ByteStream, upTo limit: Int) async throws -> [UInt8] {
        var collected: [UInt8] = []
        guard limit > 0 else { return [] }
        for try await block in bytes {
            block.withBytes { collected.append(contentsOf: $0.prefix(limit - collected.count)) }
            if collected.count == limit { break }
        }
        return collected
    }
}
