package import BackupCore
internal import NIOCore

/// One object of a control plane's store, written in parts with URLs that the control plane hands out, and read with
/// another one. The agent has no key of the store.
///
/// Memory while it is written: ``PresignedPartPlan/memory``, whatever the object's size. A part that fails is sent
/// again by itself, with a new URL where its own has expired.
package struct PresignedMultipartStore: ObjectStore {
    package let location: String
    /// For one part, one after another. Each was new when it came.
    static let largestRenewals = 5

    private let broker: any UploadBroker
    private let transport: PresignedTransport
    private let limits: UploadLimits
    private let links: PartLinks
    private let download: PresignedDownload

    /// - Parameter parts: URLs that came with the run; may be none.
    /// - Throws: ``StorageError/invalidGrant(reason:)``.
    package init(
        _ limits: UploadLimits, parts: [PresignedPart] = [], broker: any UploadBroker, transport: PresignedTransport
    ) throws(StorageError) {
        self.broker = broker
        self.transport = transport
        self.limits = limits
        let plan = try PresignedPartPlan(limits, sizeHint: nil)
        links = try PartLinks(parts, maxParts: plan.maxParts, broker: broker, transport: transport)
        location = try transport.place(of: parts.first?.url)
        download = PresignedDownload(nil, transport: transport) { try await broker.downloadURL() }
    }

    /// As ``ObjectStore/put(_:from:sizeHint:)``; what is left of an upload that failed is the control plane's to
    /// remove, and it is told before this throws.
    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        do {
            let parts = try await send(source, key: key, PresignedPartPlan(limits, sizeHint: sizeHint), sizeHint)
            let size = parts.reduce(0) { $0 + $1.size }
            let completed = try await broker.complete(parts: parts, size: size)
            guard completed.size == size else {
                throw StorageError.cutShort(key.string, location: location, received: completed.size, expected: size)
            }
            if let url = completed.download { try await download.use(url) }
            return size
        } catch {
            let reason = (error as? any BackupError)?.code ?? (error is CancellationError ? "cancelled" : "failed")
            // A task of its own: this one may be cancelled, and the store bills what is left.
            await Task { await broker.abort(reason: reason) }.value
            throw error
        }
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await S3Download.open(key.string, range: range, client: download)
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

    // MARK: Parts

    /// Sends part after part. The next one is filled while those before are on their way, as far as
    /// ``PresignedPartPlan/memory`` goes.
    private func send(
        _ source: ByteStream, key: ObjectKey, _ plan: PresignedPartPlan, _ sizeHint: UInt64?
    ) async throws -> [UploadedPartInfo] {
        let overLimit = StorageError.overLimit(key.string, location: location, limit: plan.largestObject)
        if let sizeHint, sizeHint / PartPlan.largestRatio > plan.largestObject { throw overLimit }
        return try await withThrowingTaskGroup(of: UploadedPartInfo.self) { group in
            var reader = PartReader(source)
            var sent: [UploadedPartInfo] = []
            var inFlight = 0
            for number in 1... {
                // Behind the last part that there may be, only to see that nothing follows.
                let limit = number > plan.maxParts ? 1 : plan.size(of: number)
                var next = S3Body()
                while next.count < limit, let buffer = try await reader.next(limit: limit - next.count) {
                    next.append(buffer)
                    while inFlight + next.count + PartReader.bufferSize > plan.memory,
                        let part = try await group.next()
                    {
                        sent.append(part)
                        inFlight -= Int(part.size)
                    }
                }
                // An object of no bytes is one part of none.
                guard next.count > 0 || number == 1 else { break }
                guard number <= plan.maxParts else { throw overLimit }
                inFlight += next.count
                // One after another, so that a batch is asked for once.
                let link = try await links.link(for: number)
                group.addTask { [next] in try await put(next, number: number, firstWith: link) }
            }
            while let part = try await group.next() { sent.append(part) }
            return sent.sorted { $0.number < $1.number }
        }
    }

    private func put(_ body: S3Body, number: Int, firstWith link: PresignedLink) async throws -> UploadedPartInfo {
        var link = link
        var renewals = 0
        while true {
            do {
                return try await put(body, number: number, link)
            } catch StorageError.urlExpired where renewals < Self.largestRenewals {
                renewals += 1
                link = try await links.another(for: number)
            }
        }
    }

    private func put(_ body: S3Body, number: Int, _ link: PresignedLink) async throws -> UploadedPartInfo {
        var request = S3Request("UploadPart", method: "PUT", link: link)
        request.body = body
        let response = try await transport.client.at(link.place).send(request)
        guard let tag = response.headers["etag"], !tag.isEmpty else {
            throw StorageError.invalidResponse(
                location: link.place, operation: request.operation, reason: "it has no ETag")
        }
        return UploadedPartInfo(number: number, etag: tag, size: UInt64(body.count))
    }
}
