internal import BackupCore
internal import Synchronization

/// Looks at a dump that goes nowhere.
final class CheckingSink: ByteSink {
    private let check: Mutex<DumpCheck>
    private let isCancelled = Atomic(false)

    init(_ check: DumpCheck) { self.check = Mutex(check) }

    /// As ``DumpCheck/problem``.
    var problem: String? { check.withLock { $0.problem } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        check.withLock { $0.update(bytes) }
    }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }
}
