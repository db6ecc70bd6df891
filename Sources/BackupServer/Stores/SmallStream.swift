internal import BackupCore

/// Bytes that are in memory already, as a stream for a store.
enum SmallStream {
    static func of(_ bytes: [UInt8]) -> ByteStream {
        AsyncThrowingStream<ByteBlock, any Error> { continuation in
            continuation.yield(ByteBlock(bytes))
            continuation.finish()
        }
    }
}
