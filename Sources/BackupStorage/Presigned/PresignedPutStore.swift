package import BackupCore
internal import NIOCore

/// One object of a control plane's store, written with a single presigned PUT: for servers that hand out no parts.
///
/// Such a request needs its length, so the stream, which is encrypted already, waits in a ``SpoolFile`` until its end
/// is known. Memory: one block.
package struct PresignedPutStore: ObjectStore {
    /// S3 takes no more in one request ("Amazon S3 multipart upload limits").
    package static let largestObject: UInt64 = 5 << 30

    package let location: String
    private let link: PresignedLink
    private let transport: PresignedTransport
    private let spool: SpoolSettings
    private let download: PresignedDownload?

    /// - Parameter download: asks for a URL to read with; nil where the server gives none.
    /// - Throws: ``StorageError/invalidGrant(reason:)``.
    package init(
        _ url: PresignedURL, spool: SpoolSettings, transport: PresignedTransport,
        download: (@Sendable () async throws -> PresignedURL)? = nil
    ) throws(StorageError) {
        link = try transport.link(url)
        location = link.place
        self.transport = transport
        self.spool = spool
        self.download = download.map { PresignedDownload(nil, transport: transport, another: $0) }
    }

    /// As ``ObjectStore/put(_:from:sizeHint:)``, but what a lost answer leaves open stays open: there is no URL that
    /// deletes.
    /// - Throws: ``StorageError/spoolFull(directory:written:)``, ``StorageError/overLimit(_:location:limit:)``;
    ///   ``StorageError/uploadLeft(_:location:uploadID:after:)`` when nobody knows whether the object is there.
    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        let file = try await collect(source, key: key)
        var request = S3Request("PutObject", method: "PUT", key: key.string, link: link)
        request.body = S3Body(file)
        let mayBeStored = Flag()
        request.mayBeDone = mayBeStored
        do {
            let response = try await transport.client.at(location).send(
                request, accepting: link.isCreateOnly ? [412] : [])
            // The key is this run's alone, so what a later attempt meets is what an earlier one stored.
            guard response.status != 412 || mayBeStored.isRaised else {
                throw StorageError.objectExists(key.string, location: location)
            }
            return file.size
        } catch let failure as StorageError where mayBeStored.isRaised {
            throw StorageError.uploadLeft(key.string, location: location, uploadID: nil, after: failure)
        }
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        guard let download else { throw StorageError.unsupported("GetObject", location: location) }
        return try await S3Download.open(key.string, range: range, client: download)
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

    private func collect(_ source: ByteStream, key: ObjectKey) async throws -> SpoolFile {
        let spool = spool
        let file = try await BlockingThread.run("spool") { try SpoolFile(spool) }
        for try await block in source {
            try Task.checkCancellation()
            guard file.size + UInt64(block.count) <= spool.largestObject else {
                throw StorageError.overLimit(key.string, location: location, limit: spool.largestObject)
            }
            try await BlockingThread.run("spool") { try block.withBytes { try file.append($0) } }
        }
        return file
    }
}
