package import BackupCore
package import FoundationEssentials
internal import NIOCore

/// A bucket of an S3 server, with a prefix.
///
/// Requests are signed with SigV4, their bodies too. Each is tried again as ``RetryPolicy`` says. Memory while
/// an object is written: ``PartPlan/memory``.
package struct S3Store: StoreConnection {
    package var location: String { client.location }

    let client: S3Client
    let addressing: S3Addressing
    /// Empty, or with a slash at its end.
    private let prefix: String

    /// - Throws: ``StorageError/invalidSetting(_:reason:)``. Nothing is connected yet.
    package init(bucket: String, prefix: String, settings: S3Settings) throws(StorageError) {
        let location = StoreLocation.s3(bucket: bucket, prefix: prefix).description
        addressing = S3Addressing(bucket: bucket, settings: settings)
        client = try S3Client(location: location, addressing: addressing, settings: settings.transport)
        self.prefix = prefix.isEmpty ? "" : prefix + "/"
    }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        try await S3Upload(key: path(of: key), client: client, sizeHint: sizeHint).run(source)
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await S3Download.open(path(of: key), range: range, client: client)
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? {
        let request = S3Request("HeadObject", method: "HEAD", key: path(of: key))
        let response = try await client.send(request, accepting: [404])
        guard response.status != 404 else { return nil }
        guard let size = response.headers["content-length"].flatMap({ UInt64($0) }) else {
            throw StorageError.invalidResponse(
                location: location, operation: "HeadObject", reason: "it has no Content-Length")
        }
        return ObjectInfo(key: key, size: size, modified: nil)
    }

    /// What keeps the object from being deleted, whichever of its versions, and whatever stands in front of it; nil: nothing.
    package func lock(on key: ObjectKey, at time: Date) async throws -> ObjectLock? {
        try await S3Versions(key: path(of: key), client: client).lock(at: time)
    }

    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        S3Listing(client: client, storePrefix: self.prefix, prefix: prefix)
    }

    /// As ``ObjectStore/delete(_:)``. In a bucket with versions, what can't go is hidden.
    package func delete(_ key: ObjectKey) async throws {
        do { try await deleteForGood(key) } catch StorageError.locked { try await client.delete(path(of: key)) }
    }

    /// Removes an object with all its versions.
    /// - Throws: ``StorageError/locked(_:location:until:)``.
    package func deleteForGood(_ key: ObjectKey) async throws {
        try await S3Versions(key: path(of: key), client: client).remove()
    }

    /// Uploads that were begun under this prefix and neither completed nor aborted: their keys and ids. The first 50,000, if the server
    /// gives as many as it is asked for at a time.
    package func unfinishedUploads(page: Int = 1000) async throws -> [(key: String, id: String)] {
        try await S3Upload.unfinished(prefix: prefix, client: client, page: page)
    }

    package func close() async { await client.close() }

    func path(of key: ObjectKey) -> String { prefix + key.string }
    /// nil for what does not stand under this store's prefix.
    package func key(at path: String) -> String? {
        path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
    }
}
