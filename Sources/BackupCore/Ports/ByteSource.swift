/// Bytes pulled by a blocking thread.
package protocol ByteSource: Sendable {
    /// Fills part of `space`, at least one byte, and returns how many; 0 at the end.
    ///
    /// The end is only reported once everything behind the bytes has ended well: a dump tool's source waits for
    /// the exit status first, and throws when it is not 0. So whoever reads to the end without an error may commit.
    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int
    /// Makes a read that waits, and every later one, throw soon: what was behind it is ended. From any thread, any
    /// number of times.
    func cancel()
}

/// Bytes pushed by a blocking thread.
package protocol ByteSink: Sendable {
    /// Takes all of `bytes`; blocks while the receiver is slow.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Makes a write that waits, and every later one, throw soon: the receiver is ended. From any thread, any number of
    /// times.
    func cancel()
}

/// Bytes that arrive asynchronously, in pieces.
package typealias ByteStream = any AsyncSequence<ByteBlock, any Error> & Sendable
