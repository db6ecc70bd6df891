internal import AsyncHTTPClient
internal import BackupCore
internal import NIOCore
internal import NIOHTTP1

/// The requests that a download consists of.
protocol DownloadRequests: Sendable {
    var location: String { get }
    /// Sends `request` and leaves the body of the answer to the caller.
    func open(_ request: S3Request, accepting: Set<Int>) async throws -> HTTPClientResponse
    /// How many bytes an object has.
    func size(of key: String) async throws -> UInt64
    func pause(after attempt: Int) async throws
    func failure(_ error: any Error, in operation: String) -> StorageError
}

extension S3Client: DownloadRequests {
    func size(of key: String) async throws -> UInt64 {
        let head = try await send(S3Request("HeadObject", method: "HEAD", key: key))
        return head.headers["content-length"].flatMap { UInt64($0) } ?? 0
    }
}

/// An object's bytes, which go on where a broken connection left off.
///
/// Memory: one block of 1 MiB, and what the connection has received.
struct S3Download: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error

    static let blockSize = 1 << 20
    /// Without a byte in between.
    static let largestResumptions = 5

    private let key: String
    private let client: any DownloadRequests
    private let first: HTTPClientResponse.Body
    private let range: Range<UInt64>
    private let etag: String?

    /// - Throws: ``StorageError/notFound(_:location:)``.
    static func open(_ key: String, range: Range<UInt64>?, client: any DownloadRequests) async throws -> StoredContent {
        var request = S3Request("GetObject", key: key)
        if let range {
            guard !range.isEmpty else { return try await empty(key, client: client) }
            request.headers["range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        }
        // 416: the range begins behind the end, also of an empty object.
        let response = try await client.open(request, accepting: [416])
        if response.status.code == 416 { return try await empty(key, client: client) }
        guard let length = response.headers.first(name: "content-length").flatMap({ UInt64($0) }) else {
            throw invalid(client, "it has no Content-Length")
        }
        var size = length
        var start: UInt64 = 0
        if let part = try contentRange(of: response, client: client) {
            guard part.start == range?.lowerBound ?? 0, part.start <= part.total, length <= part.total - part.start
            else {
                throw invalid(client, "it is another range than was asked for")
            }
            (start, size) = part
        } else if let range, range.lowerBound > 0 || range.upperBound < length {
            // It is the whole object, which is an answer only where that was asked for.
            throw invalid(client, "it ignores ranges")
        }
        let download = S3Download(
            key: key, client: client, first: response.body, range: start..<start + length,
            etag: response.headers.first(name: "etag"))
        return StoredContent(objectSize: size, bytes: download)
    }

    func makeAsyncIterator() -> Iterator { Iterator(download: self) }

    private static func empty(_ key: String, client: any DownloadRequests) async throws -> StoredContent {
        let size = try await client.size(of: key)
        return StoredContent(objectSize: size, bytes: AsyncThrowingStream<ByteBlock, any Error> { $0.finish() })
    }

    /// `Content-Range: bytes 0-99/1234`; nil where there is none. Its presence decides: servers exist that send it
    /// without status 206.
    private static func contentRange(
        of response: HTTPClientResponse, client: any DownloadRequests
    ) throws -> (start: UInt64, total: UInt64)? {
        guard let field = response.headers.first(name: "content-range") else { return nil }
        guard let match = field.wholeMatch(of: /bytes ([0-9]+)-[0-9]+\/([0-9]+)/), let start = UInt64(match.1),
            let total = UInt64(match.2)
        else { throw invalid(client, "its Content-Range can't be read") }
        return (start, total)
    }

    private static func invalid(_ client: any DownloadRequests, _ reason: String) -> StorageError {
        .invalidResponse(location: client.location, operation: "GetObject", reason: reason)
    }

    /// The rest of the object from `offset` on.
    private func resume(at offset: UInt64) async throws -> HTTPClientResponse.Body {
        var request = S3Request("GetObject", key: key)
        request.headers["range"] = "bytes=\(offset)-\(range.upperBound - 1)"
        request.headers["if-match"] = etag
        do {
            let response = try await client.open(request, accepting: [])
            guard try Self.contentRange(of: response, client: client)?.start == offset else {
                throw Self.invalid(client, "it ignores ranges")
            }
            return response.body
        } catch StorageError.objectExists {
            // 412: the tag is another one.
            throw StorageError.changedWhileRead(key, location: client.location)
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        private let download: S3Download
        private var body: HTTPClientResponse.Body.AsyncIterator
        private var rest: ByteBuffer?
        private var offset: UInt64
        private var resumptions = 0

        init(download: S3Download) {
            self.download = download
            body = download.first.makeAsyncIterator()
            offset = download.range.lowerBound
        }

        nonisolated(nonsending) mutating func next() async throws -> ByteBlock? {
            let block = ByteBlock(capacity: S3Download.blockSize)
            while block.count < block.capacity, let piece = try await piece() {
                let taken = piece.withUnsafeReadableBytes { block.append($0) }
                rest =
                    taken < piece.readableBytes
                    ? piece.getSlice(at: piece.readerIndex + taken, length: piece.readableBytes - taken) : nil
            }
            return block.isEmpty ? nil : block
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }

        /// What was left over, or what comes next; nil at the end.
        private nonisolated(nonsending) mutating func piece() async throws -> ByteBuffer? {
            if let rest { return rest }
            while offset < download.range.upperBound {
                do {
                    if let buffer = try await body.next(isolation: #isolation) {
                        resumptions = 0
                        offset += UInt64(buffer.readableBytes)
                        guard offset <= download.range.upperBound else {
                            throw S3Download.invalid(download.client, "it is longer than announced")
                        }
                        return buffer
                    }
                    try await resume(after: cutShort)
                } catch let error as StorageError {
                    throw error
                } catch {
                    if Task.isCancelled { throw CancellationError() }
                    try await resume(after: download.client.failure(error, in: "GetObject"))
                }
            }
            return nil
        }

        private nonisolated(nonsending) mutating func resume(after failure: StorageError) async throws {
            resumptions += 1
            guard resumptions <= S3Download.largestResumptions else { throw failure }
            try await download.client.pause(after: resumptions)
            body = try await download.resume(at: offset).makeAsyncIterator()
        }

        private var cutShort: StorageError {
            let range = download.range
            return .cutShort(
                download.key, location: download.client.location, received: offset - range.lowerBound,
                expected: range.upperBound - range.lowerBound)
        }
    }
}
