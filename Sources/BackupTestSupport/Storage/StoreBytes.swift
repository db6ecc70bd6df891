package import BackupCore

/// Streams for stores.
package enum StoreBytes {
    /// `bytes` in blocks of `size`, and at the end `failure` instead of a normal end.
    package static func stream(_ bytes: [UInt8], size: Int = 1 << 20, failure: (any Error)? = nil) -> ByteStream {
        let (stream, continuation) = AsyncThrowingStream<ByteBlock, any Error>.makeStream()
        for start in stride(from: 0, to: bytes.count, by: size) {
            continuation.yield(ByteBlock(bytes[start..<min(start + size, bytes.count)]))
        }
        continuation.finish(throwing: failure)
        return stream
    }

    /// All bytes of an object.
    package static func read(
        _ key: ObjectKey, from store: any ObjectStore, range: Range<UInt64>? = nil
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await block in try await store.get(key, range: range).bytes {
            block.withBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    package static func keys(of store: any ObjectStore, prefix: String = "") async throws -> [String] {
        var keys: [String] = []
        for try await object in store.list(prefix: prefix) { keys.append(object.key.string) }
        return keys
    }

    /// Bytes that don't compress and don't repeat, the same for the same `seed`.
    package static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return [UInt8](unsafeUninitializedCapacity: (count + 7) / 8 * 8) { buffer, filled in
            for offset in stride(from: 0, to: buffer.count - buffer.count % 8, by: 8) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                UnsafeMutableRawBufferPointer(buffer).storeBytes(of: state, toByteOffset: offset, as: UInt64.self)
            }
            filled = count
        }
    }
}
