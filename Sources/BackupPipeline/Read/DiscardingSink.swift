internal import BackupCore
internal import Synchronization

/// Takes bytes and forgets them: for reading a backup to its end only to see that it can be read.
final class DiscardingSink: ByteSink {
    private let isCancelled = Atomic(false)

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }
}
