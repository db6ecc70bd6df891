internal import BackupCore
internal import NIOCore

/// Collects a stream into parts.
struct PartReader {
    static let bufferSize = 1 << 20

    private var blocks: any AsyncIteratorProtocol<ByteBlock, any Error>
    private var rest: ByteBlock?
    private var taken = 0
    private var isAtEnd = false

    init(_ source: ByteStream) { blocks = source.makeAsyncIterator() }

    /// The next `size` bytes, fewer only at the end.
    mutating func part(size: Int) async throws -> S3Body {
        var part = S3Body()
        while part.count < size, let buffer = try await next(limit: size - part.count) { part.append(buffer) }
        return part
    }

    /// The next ``bufferSize`` bytes, fewer only at the end or where the limit is lower; nil when there are none.
    mutating func next(limit: Int) async throws -> ByteBuffer? {
        let limit = min(limit, Self.bufferSize)
        var buffer = ByteBufferAllocator().buffer(capacity: limit)
        while buffer.readableBytes < limit {
            if rest == nil, !isAtEnd {
                rest = try await blocks.next(isolation: nil)
                taken = 0
                isAtEnd = rest == nil
            }
            guard let block = rest else { break }
            let count = min(block.count - taken, limit - buffer.readableBytes)
            block.withBytes { bytes in
                _ = buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + count]))
            }
            taken += count
            if taken == block.count { rest = nil }
        }
        return buffer.readableBytes > 0 ? buffer : nil
    }
}
