internal import BackupCore
internal import Crypto

/// One object on its way into a bucket: a single request when it fits into one part, else a multipart upload.
///
/// The object appears when all of it is there: with the single PUT, or when the upload is completed. Both are
/// create-only (`If-None-Match: *`); where a server doesn't know that, it is looked up before.
struct S3Upload: Sendable {
    let key: String
    let client: S3Client
    private let plan: PartPlan
    /// Whether the request that makes the object appear may have done so.
    private let mayBeStored = Flag()

    /// - Throws: ``StorageError/tooLarge(_:location:)`` when `sizeHint` says that no bucket can take it.
    init(key: String, client: S3Client, sizeHint: UInt64?) throws(StorageError) {
        guard !PartPlan.isHopeless(sizeHint) else { throw .tooLarge(key, location: client.location) }
        self.key = key
        self.client = client
        plan = PartPlan(sizeHint: sizeHint)
    }

    /// - Returns: the number of bytes stored.
    func run(_ source: ByteStream) async throws -> UInt64 {
        var parts = PartReader(source)
        // In a variable that is emptied: a constant would keep it in memory as long as the upload takes.
        var early = [try await parts.part(size: plan.size(of: 1))]
        guard let second = try await parts.next(limit: PartReader.bufferSize) else {
            let body = early[0]
            do {
                try await putWhole(body)
            } catch {
                throw await undo(nil, after: error)
            }
            return UInt64(body.count)
        }
        early.insert(S3Body(second), at: 0)
        return try await putParts(early: &early, parts: &parts)
    }

    // MARK: In one request

    private func putWhole(_ body: S3Body) async throws {
        var request = S3Request("PutObject", method: "PUT", key: key)
        request.body = body
        request.headers["content-type"] = "application/octet-stream"
        try await createOnly(request) { try await isStored(body) }
    }

    /// Sends `request` so that it can't replace an object.
    /// - Parameter isOurs: whether the object that is there is the one that we sent: an earlier attempt may have
    ///   stored it, and lost its answer.
    private func createOnly(_ request: S3Request, isOurs: () async throws -> Bool) async throws {
        var request = request
        request.headers["if-none-match"] = "*"
        request.mayBeDone = mayBeStored
        do {
            guard try await client.send(request, accepting: [412]).status == 412 else { return }
            try await requireOurs(isOurs)
        } catch StorageError.refused(_, _, 501, _) {
            request.headers["if-none-match"] = nil
            if try await size() == nil { _ = try await client.send(request) } else { try await requireOurs(isOurs) }
        }
    }

    /// - Throws: ``StorageError/objectExists(_:location:)`` when the object that is there is another's: unless an attempt
    ///   left that open, ours can't have met its own work.
    private func requireOurs(_ isOurs: () async throws -> Bool) async throws {
        guard mayBeStored.isRaised, try await isOurs() else {
            throw StorageError.objectExists(key, location: client.location)
        }
    }

    private func isStored(_ body: S3Body) async throws -> Bool {
        guard try await size() == UInt64(body.count) else { return false }
        let stored = try await S3Download.open(key, range: nil, client: client)
        var hash = SHA256()
        for try await block in stored.bytes { block.withBytes { hash.update(bufferPointer: $0) } }
        return SigV4Signer.hex(hash.finalize()) == body.sha256
    }

    func size() async throws -> UInt64? {
        let response = try await client.send(S3Request("HeadObject", method: "HEAD", key: key), accepting: [404])
        return response.status == 404 ? nil : response.headers["content-length"].flatMap { UInt64($0) }
    }

    // MARK: In parts

    private func putParts(early: inout [S3Body], parts: inout PartReader) async throws -> UInt64 {
        let uploadID = try await begin()
        do {
            let (tags, size) = try await send(early: &early, parts: &parts, uploadID: uploadID)
            try await complete(uploadID, tags: tags, size: size)
            return size
        } catch {
            throw await undo(uploadID, after: error)
        }
    }

    func begin() async throws -> String {
        var request = S3Request("CreateMultipartUpload", method: "POST", key: key)
        request.query = [("uploads", "")]
        request.headers["content-type"] = "application/octet-stream"
        do {
            let response = try await client.send(request)
            guard let id = XMLElement.parse(response.body)?["UploadId"], !id.isEmpty else {
                throw StorageError.invalidResponse(
                    location: client.location, operation: request.operation, reason: "it has no UploadId")
            }
            // An attempt whose answer was lost may have begun an upload, too. The key is only ours.
            if response.attempts > 1 { try? await abortOthers(than: id) }
            return id
        } catch {
            _ = await Task { try await abortOthers(than: nil) }.result
            throw error
        }
    }

    /// Sends part after part. The next one is filled while those before are on their way, as far as ``PartPlan/memory``
    /// goes.
    private func send(
        early: inout [S3Body], parts: inout PartReader, uploadID: String
    ) async throws -> (tags: [Int: String], size: UInt64) {
        try await withThrowingTaskGroup(of: SentPart.self) { group in
            var tags: [Int: String] = [:]
            var size: UInt64 = 0
            var inFlight = 0
            var number = 0
            func take(_ part: SentPart) {
                tags[part.number] = part.tag
                inFlight -= part.size
            }
            while true {
                number += 1
                let limit = plan.size(of: number)
                var next = early.popLast() ?? S3Body()
                while next.count < limit, let buffer = try await parts.next(limit: limit - next.count) {
                    next.append(buffer)
                    while inFlight + next.count + PartReader.bufferSize > PartPlan.memory,
                        let done = try await group.next()
                    {
                        take(done)
                    }
                }
                guard next.count > 0 else { break }
                guard number <= PartPlan.largestCount else {
                    throw StorageError.tooLarge(key, location: client.location)
                }
                size += UInt64(next.count)
                inFlight += next.count
                group.addTask { [number, next] in
                    SentPart(
                        number: number, size: next.count,
                        tag: try await put(next, number: number, uploadID: uploadID))
                }
            }
            while let done = try await group.next() { take(done) }
            return (tags, size)
        }
    }

    private func put(_ part: S3Body, number: Int, uploadID: String) async throws -> String {
        var request = S3Request("UploadPart", method: "PUT", key: key)
        request.query = [("partNumber", "\(number)"), ("uploadId", uploadID)]
        request.body = part
        let response = try await client.send(request)
        guard let tag = response.headers["etag"] else {
            throw StorageError.invalidResponse(
                location: client.location, operation: request.operation, reason: "it has no ETag")
        }
        return tag
    }

    func complete(_ uploadID: String, tags: [Int: String], size: UInt64) async throws {
        let parts = tags.sorted { $0.key < $1.key }.map {
            "<Part><PartNumber>\($0.key)</PartNumber><ETag>\(Self.escaped($0.value))</ETag></Part>"
        }
        var request = S3Request("CompleteMultipartUpload", method: "POST", key: key)
        request.query = [("uploadId", uploadID)]
        request.headers["content-type"] = "application/xml"
        let document =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(parts.joined())</CompleteMultipartUpload>"
        request.body = S3Body(document)
        do {
            try await createOnly(request) { try await self.size() == size }
        } catch let failure as StorageError {
            guard case .refused(_, _, _, code: "NoSuchUpload") = failure else { throw failure }
            // An earlier attempt may have completed it, and lost its answer.
            guard let found = try await self.size() else { throw failure }
            guard found == size else { throw StorageError.objectExists(key, location: client.location) }
        }
    }

    // MARK: Ending

    /// Takes away what there is of the upload, and the object where its last request may have made it; returns the error
    /// to be thrown. Not stopped by cancellation; the retries bound how long it takes.
    private func undo(_ uploadID: String?, after failure: any Error) async -> any Error {
        // An object that is another's stays.
        let isAnothers = if case StorageError.objectExists = failure { true } else { false }
        return await Task {
            if let uploadID {
                do { try await abort(uploadID) } catch { return left(uploadID, after: failure) }
            }
            guard mayBeStored.isRaised, !isAnothers else { return failure }
            do {
                try await client.delete(key)
                return failure
            } catch {
                return left(nil, after: failure)
            }
        }.value
    }

    private func left(_ uploadID: String?, after failure: any Error) -> any Error {
        StorageError.uploadLeft(key, location: client.location, uploadID: uploadID, after: failure)
    }

    func abort(_ uploadID: String) async throws {
        var request = S3Request("AbortMultipartUpload", method: "DELETE", key: key)
        request.query = [("uploadId", uploadID)]
        request.isCleanUp = true
        _ = try await client.send(request, accepting: [404])
    }

    /// Aborts every other upload of our key.
    private func abortOthers(than id: String?) async throws {
        for other in try await Self.unfinished(prefix: key, client: client) where other.key == key && other.id != id {
            try await abort(other.id)
        }
    }

    /// Uploads under `prefix` that were neither completed nor aborted: those of ``mostPages`` pages at most. What is behind comes into view
    /// as those before it are aborted. Memory: a few megabytes, where there are as many.
    /// - Parameter page: how many a server is asked for at a time; it may give fewer.
    static func unfinished(
        prefix: String, client: S3Client, page: Int = 1000
    ) async throws -> [(key: String, id: String)] {
        var uploads: [(key: String, id: String)] = []
        var markers: [(name: String, value: String)] = []
        for _ in 0..<mostPages {
            var request = S3Request("ListMultipartUploads")
            request.query = [("uploads", ""), ("prefix", prefix), ("max-uploads", "\(page)")] + markers
            request.isCleanUp = true
            // 501: servers that keep none don't list them.
            let response = try await client.send(request, accepting: [501])
            guard let list = XMLElement.parse(response.body) else { break }
            uploads += list.all("Upload").compactMap { upload in
                guard let key = upload["Key"], let id = upload["UploadId"] else { return nil }
                return (key, id)
            }
            let next = [("key-marker", list["NextKeyMarker"]), ("upload-id-marker", list["NextUploadIdMarker"])]
                .compactMap { name, value in value.map { (name: name, value: $0) } }
            // Without new markers the same page would come for ever.
            guard list["IsTruncated"] == "true", !next.isEmpty, next.map(\.value) != markers.map(\.value) else { break }
            markers = next
        }
        return uploads
    }

    private static let mostPages = 50

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

private struct SentPart {
    let number: Int
    let size: Int
    let tag: String
}
