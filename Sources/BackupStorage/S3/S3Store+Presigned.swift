package import BackupCore
package import FoundationEssentials

/// The store's side of an ``UploadBroker``: uploads that others make with URLs from here.
extension S3Store {
    /// Begins an upload in parts; nothing is visible before ``completeUpload(_:_:parts:)``.
    package func beginUpload(_ key: ObjectKey) async throws -> String { try await upload(of: key).begin() }

    /// Makes an object of the parts, never in place of another one where the server can refuse to.
    /// - Returns: how many bytes the store then says that it has.
    /// - Throws: ``StorageError/objectExists(_:location:)``.
    package func completeUpload(_ key: ObjectKey, _ uploadID: String, parts: [UploadedPartInfo]) async throws -> UInt64
    {
        let tags = Dictionary(parts.map { ($0.number, $0.etag) }) { first, _ in first }
        try await upload(of: key).complete(uploadID, tags: tags, size: parts.reduce(0) { $0 + $1.size })
        guard let size = try await info(key)?.size else { throw StorageError.notFound(key.string, location: location) }
        return size
    }

    /// Takes the parts away; it is no error when there is no such upload.
    package func abortUpload(_ key: ObjectKey, _ uploadID: String) async throws {
        try await upload(of: key).abort(uploadID)
    }

    /// A URL for one part.
    /// - Parameters:
    ///   - number: from 1.
    ///   - lifetime: whole seconds; 7 days at most.
    package func presignedPart(
        _ key: ObjectKey, _ uploadID: String, number: Int, lifetime: Duration, at time: Date
    ) -> PresignedPart {
        var request = S3Request("UploadPart", method: "PUT", key: path(of: key))
        request.query = [("partNumber", "\(number)"), ("uploadId", uploadID)]
        return PresignedPart(number: number, url: presigned(request, lifetime, time))
    }

    /// A URL that stores the object in one request.
    /// - Parameter isCreateOnly: whether it never replaces one; not every server knows that.
    package func presignedPut(
        _ key: ObjectKey, isCreateOnly: Bool = true, lifetime: Duration, at time: Date
    ) -> PresignedURL {
        var request = S3Request("PutObject", method: "PUT", key: path(of: key))
        if isCreateOnly { request.headers["if-none-match"] = "*" }
        return presigned(request, lifetime, time)
    }

    /// A URL that reads the object, all of it or ranges.
    package func presignedGet(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL {
        presigned(S3Request("GetObject", key: path(of: key)), lifetime, time)
    }

    private func upload(of key: ObjectKey) throws(StorageError) -> S3Upload {
        try S3Upload(key: path(of: key), client: client, sizeHint: nil)
    }

    private func presigned(_ request: S3Request, _ lifetime: Duration, _ time: Date) -> PresignedURL {
        addressing.presigned(request, seconds: Int(clamping: lifetime.components.seconds), at: time)
    }
}
