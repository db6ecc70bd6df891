internal import BackupCore
internal import Crypto
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
    var body = ByteBuffer()
    private(set) var payloadHash = S3Request.hash(of: ByteBuffer())

    init(_ operation: String, method: String = "GET", key: String? = nil) {
        self.operation = operation
        self.method = method
        self.key = key
    }

    /// Takes the body and its SHA-256, which the signature covers.
    mutating func setBody(_ body: ByteBuffer) {
        self.body = body
        payloadHash = Self.hash(of: body)
    }

    static func hash(of buffer: ByteBuffer) -> String {
        SigV4Signer.hex(buffer.withUnsafeReadableBytes { SHA256.hash(data: $0) })
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
/// The hop to the event loop at the head of ``Iterator/next()`` is what makes back-pressure hold: without it a fast producer
/// queues the whole body behind a slow connection.
struct PacedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    static let pieceSize = 256 << 10

    let bytes: ByteBuffer
    let eventLoop: any EventLoop

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes, eventLoop: eventLoop) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let eventLoop: any EventLoop

        mutating func next() async throws -> ByteBuffer? {
            try await eventLoop.submit {}.get()
            let count = Swift.min(rest.readableBytes, PacedBody.pieceSize)
            return count > 0 ? rest.readSlice(length: count) : nil
        }
    }
}
