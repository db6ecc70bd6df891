internal import BackupCore
internal import Synchronization

/// Bytes from one thread to another, in order. Memory: a pipe of 1 MiB.
final class Relay: ByteSource, ByteSink {
    private let reader: PipeEnd
    private let writer: PipeEnd
    private let failure = Mutex<(any Error)?>(nil)

    init() throws(CoreError) { (reader, writer) = try PipeEnd.pair() }

    /// 0 only after ``finish()``.
    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try reader.read(into: space)
        } catch is CancellationError {
            throw failure.withLock { $0 } ?? CancellationError()
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try writer.write(bytes)
        } catch is CancellationError {
            throw failure.withLock { $0 } ?? CancellationError()
        }
    }

    /// Everything was written, and what it came from has ended well.
    func finish() { writer.close() }

    /// Both ends throw `error` from now on; the first one counts.
    func fail(_ error: any Error) {
        failure.withLock { $0 = $0 ?? error }
        cancel()
    }

    func cancel() {
        reader.cancel()
        writer.cancel()
    }
}
