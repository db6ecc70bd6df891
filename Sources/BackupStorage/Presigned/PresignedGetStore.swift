package import BackupCore

/// One object of a control plane's store, to be read with presigned URLs.
package struct PresignedGetStore: ObjectStore {
    package let location: String
    private let download: PresignedDownload

    /// - Parameters:
    ///   - url: what came with the order; nil to ask for one.
    ///   - another: asks for a new one, when the last has expired.
    /// - Throws: ``StorageError/invalidGrant(reason:)``.
    package init(
        _ url: PresignedURL?, transport: PresignedTransport,
        another: @escaping @Sendable () async throws -> PresignedURL
    ) throws(StorageError) {
        location = try transport.place(of: url)
        download = PresignedDownload(url, transport: transport, another: another)
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await S3Download.open(key.string, range: range, client: download)
    }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        throw StorageError.unsupported("PutObject", location: location)
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? {
        throw StorageError.unsupported("HeadObject", location: location)
    }

    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        AsyncThrowingStream { $0.finish(throwing: StorageError.unsupported("ListObjectsV2", location: location)) }
    }

    package func delete(_ key: ObjectKey) async throws {
        throw StorageError.unsupported("DeleteObject", location: location)
    }
}
