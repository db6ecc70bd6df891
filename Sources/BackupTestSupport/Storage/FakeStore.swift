package import BackupCore
internal import Foundation
internal import Synchronization

/// An object store in memory, with the contract of the real ones.
package final class FakeStore: ObjectStore {
    package let location = "fake://store"
    private let contents = Mutex<[ObjectKey: [UInt8]]>([:])

    package init() {}

    /// What is stored, by key.
    package var objects: [ObjectKey: [UInt8]] { contents.withLock { $0 } }

    /// Changes an object behind everybody's back; nil removes it.
    package func tamper(_ key: ObjectKey, _ change: ([UInt8]) -> [UInt8]?) {
        contents.withLock { $0[key] = $0[key].flatMap(change) }
    }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        var bytes: [UInt8] = []
        for try await block in source { block.withBytes { bytes.append(contentsOf: $0) } }
        try Task.checkCancellation()
        try contents.withLock { contents in
            guard contents[key] == nil else { throw FakeStoreError(code: "storage.object_exists", key: key) }
            contents[key] = bytes
        }
        return UInt64(bytes.count)
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        guard let bytes = objects[key] else { throw FakeStoreError(code: "storage.not_found", key: key) }
        let size = UInt64(bytes.count)
        let wanted = range?.clamped(to: 0..<size) ?? 0..<size
        let (stream, continuation) = AsyncThrowingStream<ByteBlock, any Error>.makeStream()
        // Odd pieces, so that nobody relies on even ones.
        for start in stride(from: wanted.lowerBound, to: wanted.upperBound, by: 10_007) {
            let end = min(start + 10_007, wanted.upperBound)
            continuation.yield(ByteBlock(bytes[Int(start)..<Int(end)]))
        }
        continuation.finish()
        return StoredContent(objectSize: size, bytes: stream)
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? {
        objects[key].map { ObjectInfo(key: key, size: UInt64($0.count), modified: nil) }
    }

    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        let found = objects.filter { $0.key.string.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        return AsyncThrowingStream { continuation in
            for (key, bytes) in found {
                continuation.yield(ObjectInfo(key: key, size: UInt64(bytes.count), modified: nil))
            }
            continuation.finish()
        }
    }

    package func delete(_ key: ObjectKey) async throws { contents.withLock { $0[key] = nil } }
}

/// As a real store's errors, by their codes.
package struct FakeStoreError: BackupError {
    package let code: String
    let key: ObjectKey
    package var message: String { "\(code) at \(key)" }
    package var hint: String { "this is a test" }
    package var recovery: Recovery { .userAction }
}
