internal import BackupCore
internal import Crypto
internal import FoundationEssentials
internal import NIOCore

/// One request to S3, before it is signed.
struct S3Request: Sendable {
    /// For messages: `PutObject`, as S3's reference calls it.
    let operation: String
    var method = "GET"
    /// The whole key, with the store's prefix; nil for the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    /// Names in lower case.
    var headers: [String: String] = [:]
    /// With a URL of its own, nothing else is signed.
    var link: PresignedLink?
    var body = S3Body() {
        didSet { if link == nil { payloadHash = body.sha256 } }
    }
    /// Of the body, which the signature covers.
    private(set) var payloadHash = S3Body().sha256
    /// Raised when an attempt leaves open what the store has done; nil where that makes no difference.
    ///
    /// The failure that is told is the last one, and what an earlier attempt left open must not be forgotten over it: a
    /// store that completes an upload, loses the answer and then knows no such upload has stored the object.
    var mayBeDone: Flag?
    /// Whether it only takes away what is no longer wanted: nobody waits minutes for that, after what brought it about.
    var isCleanUp = false

    init(_ operation: String, method: String = "GET", key: String? = nil, link: PresignedLink? = nil) {
        self.operation = operation
        self.method = method
        self.key = key
        self.link = link
    }

    /// Whether its body becomes an object or a part.
    var isUpload: Bool { ["PutObject", "UploadPart"].contains(operation) }

    /// AWS takes nothing without into a bucket that locks its objects from the start (S3 API, PutObject, "Content-MD5"), and says so in
    /// words only, behind the code `InvalidRequest`. The signed hash of the body does not count. No other store gets it: it costs a
    /// second hash of everything.
    var mayLackMD5: Bool { isUpload && headers["content-md5"] == nil }

    mutating func addMD5() async throws {
        if mayLackMD5 { headers["content-md5"] = try await body.md5() }
    }
}

/// Bytes to be sent, and sent again: buffers of at most 1 MiB, because a larger one would be rounded up to a power of
/// two; or a file.
struct S3Body: Sendable {
    private(set) var buffers: [ByteBuffer] = []
    private(set) var count = 0
    /// In place of buffers.
    private(set) var file: SpoolFile?

    init() {}

    init(_ text: String) { append(ByteBuffer(string: text)) }

    init(_ buffer: ByteBuffer) { append(buffer) }

    /// All of `file`, which must not grow any more.
    init(_ file: SpoolFile) {
        self.file = file
        count = Int(clamping: file.size)
    }

    mutating func append(_ buffer: ByteBuffer) {
        buffers.append(buffer)
        count += buffer.readableBytes
    }

    /// Lower-case hex.
    var sha256: String {
        var hash = SHA256()
        for buffer in buffers { buffer.withUnsafeReadableBytes { hash.update(bufferPointer: $0) } }
        return SigV4Signer.hex(hash.finalize())
    }

    /// In base64. Memory: one piece of a file.
    func md5() async throws -> String {
        var hash = Insecure.MD5()
        for buffer in buffers { buffer.withUnsafeReadableBytes { hash.update(bufferPointer: $0) } }
        if let file {
            var offset: UInt64 = 0
            while offset < file.size {
                let piece = try await file.read(at: offset, upTo: PacedBody.pieceSize)
                guard piece.readableBytes > 0 else { break }
                piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
                offset += UInt64(piece.readableBytes)
            }
        }
        return Data(hash.finalize()).base64EncodedString()
    }
}

/// An answer that was read whole.
struct S3Response: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]
    /// How many attempts it took. After more than one, an earlier one may have done its work and lost its answer.
    let attempts: Int
}

/// The body of a request in pieces, each asked for when the event loop has written those before.
///
/// The hop to the event loop at the head of ``Iterator/next()`` is what makes back-pressure hold: without it a fast
/// producer queues the whole body behind a slow connection.
struct PacedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    static let pieceSize = 256 << 10

    let body: S3Body
    let eventLoop: any EventLoop

    func makeAsyncIterator() -> Iterator {
        Iterator(rest: body.buffers[...], file: body.file, eventLoop: eventLoop)
    }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<ByteBuffer>
        let file: SpoolFile?
        var offset: UInt64 = 0
        let eventLoop: any EventLoop

        mutating func next() async throws -> ByteBuffer? {
            try await eventLoop.submit {}.get()
            if let file {
                let piece = try await file.read(at: offset, upTo: PacedBody.pieceSize)
                offset += UInt64(piece.readableBytes)
                return piece.readableBytes > 0 ? piece : nil
            }
            while let first = rest.indices.first {
                let count = Swift.min(rest[first].readableBytes, PacedBody.pieceSize)
                if let piece = rest[first].readSlice(length: count), count > 0 { return piece }
                rest.removeFirst()
            }
            return nil
        }
    }
}
