internal import BackupCore
internal import CBackupSystem
internal import Glibc
internal import Synchronization

/// Our end of a pipe, whose waiting reads and writes can be ended from another thread.
///
/// Non-blocking underneath: a call waits in poll(2) for the pipe or for ``cancel()``, whichever comes first. For one
/// reading or writing thread.
final class PipeEnd: Sendable {
    /// 1 MiB: fewer wake-ups of both processes. The kernel may give less to others than root (pipe(7)).
    private static let pipeSize: Int32 = 1 << 20

    private let descriptor: Int32
    private let wakeUp: (read: Int32, write: Int32)
    private let isOpen = Atomic(true)
    private let isCancelled = Atomic(false)

    /// A pipe: our end, and the descriptor for the child, which is the caller's to close.
    /// - Parameter reads: whether our end is the one to read from.
    static func make(reads: Bool) throws(CoreError) -> (ours: PipeEnd, theirs: Int32) {
        let pipe = try newPipe()
        _ = backup_set_pipe_size(pipe.write, pipeSize)
        let ours = reads ? pipe.read : pipe.write
        let theirs = reads ? pipe.write : pipe.read
        _ = fcntl(ours, F_SETFL, fcntl(ours, F_GETFL) | O_NONBLOCK)
        do {
            return (PipeEnd(ours, wakeUp: try newPipe()), theirs)
        } catch {
            Glibc.close(ours)
            Glibc.close(theirs)
            throw error
        }
    }

    /// A pipe between two threads of ours.
    static func pair() throws(CoreError) -> (reader: PipeEnd, writer: PipeEnd) {
        let (reader, theirs) = try make(reads: true)
        return (reader, try adopting(theirs))
    }

    /// Takes over a descriptor of a pipe or a socket, also when it throws.
    static func adopting(_ descriptor: Int32) throws(CoreError) -> PipeEnd {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        do {
            return PipeEnd(descriptor, wakeUp: try newPipe())
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private init(_ descriptor: Int32, wakeUp: (read: Int32, write: Int32)) {
        self.descriptor = descriptor
        self.wakeUp = wakeUp
    }

    deinit {
        close()
        Glibc.close(wakeUp.read)
        Glibc.close(wakeUp.write)
    }

    /// At least one byte; 0 at the end. What is in the pipe comes first, also after ``cancel()``.
    /// - Throws: `CancellationError` once cancelled and nothing is left in the pipe.
    /// - Parameter deadline: when to give up with ``Silence``; nil for never.
    func read(into space: UnsafeMutableRawBufferPointer, until deadline: ContinuousClock.Instant? = nil) throws -> Int {
        try transfer(waitingFor: POLLIN, until: deadline) { Glibc.read(descriptor, space.baseAddress, space.count) }
    }

    /// Writes all of `bytes`.
    /// - Throws: ``ReaderGone``; `CancellationError`.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
            let written = try transfer(waitingFor: POLLOUT) { Glibc.write(descriptor, rest.baseAddress, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        var byte: UInt8 = 0
        _ = Glibc.write(wakeUp.write, &byte, 1)
    }

    /// Tells the child that nothing more comes. Not while another thread reads or writes.
    func close() {
        if isOpen.exchange(false, ordering: .relaxed) { Glibc.close(descriptor) }
    }

    /// The other end was closed.
    struct ReaderGone: Error {}
    /// Nothing came before the deadline.
    struct Silence: Error {}

    private func transfer(
        waitingFor event: Int32, until deadline: ContinuousClock.Instant? = nil, _ call: () -> Int
    ) throws -> Int {
        guard isOpen.load(ordering: .relaxed) else { throw CancellationError() }
        while true {
            let count = call()
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: event, until: deadline)
            case EPIPE: throw ReaderGone()
            case let failure: throw CoreError.systemCall("a pipe's read or write", on: "a tool", errno: failure)
            }
        }
    }

    private func wait(for event: Int32, until deadline: ContinuousClock.Instant?) throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(event), revents: 0),
            pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0),
        ]
        guard let deadline else {
            _ = poll(&descriptors, 2, -1)
            return
        }
        guard .now < deadline else { throw Silence() }
        // Rounded up, so that it doesn't spin in the last millisecond.
        let rest = Int32(clamping: Int64((deadline - .now) / .milliseconds(1)) + 1)
        _ = poll(&descriptors, 2, rest)
    }

    private static func newPipe() throws(CoreError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard backup_pipe_cloexec(&ends) == 0 else { throw .systemCall("pipe2", on: "a tool", errno: errno) }
        return (ends[0], ends[1])
    }
}
