internal import CBackupSystem
internal import Glibc
internal import Synchronization

/// What a thread is for.
struct ThreadWork: Sendable {
    /// As it is seen in ps(1); 15 bytes count.
    let name: String
    let run: @Sendable () -> Void
}

/// Threads, of which those that are done wait a moment for more work: making one costs more than most of what waits for a disk.
///
/// Bound: ``largest`` threads wait, each for ``patience``; there is none that work waits for.
final class IdleThreads: Sendable {
    private static let largest = 8
    private static let patience = Duration.seconds(5)

    /// One that waits. Its work is put into it.
    fileprivate typealias Seat = Monitor<ThreadWork?>

    /// The last to come is the first to go, so that threads that are not needed end.
    private let seats = Mutex<[Seat]>([])

    /// Runs `work` on a thread that has nothing else to do.
    /// - Returns: 0, or the error number of pthread_create(3); it is then not run.
    func run(_ work: ThreadWork) -> Int32 {
        if let seat = seats.withLock({ $0.popLast() }) {
            seat.update { $0 = work }
            return 0
        }
        let start = Unmanaged.passRetained(ThreadStart(work: work, threads: self))
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, threadMain, start.toOpaque())
        if failure == 0 { pthread_detach(thread) } else { start.release() }
        return failure
    }

    /// Waits for more.
    /// - Returns: nil when the thread shall end.
    fileprivate func next(_ seat: Seat) -> ThreadWork? {
        let isSeated = seats.withLock { seats in
            if seats.count < Self.largest { seats.append(seat) }
            return seats.last === seat
        }
        guard isSeated else { return nil }
        if let work = seat.wait(atMost: Self.patience, until: { $0.take() }) { return work }
        let isStillSeated = seats.withLock { seats in
            guard let index = seats.firstIndex(where: { $0 === seat }) else { return false }
            seats.remove(at: index)
            return true
        }
        // Somebody has just chosen it, and puts work into it.
        return isStillSeated ? nil : seat.wait { $0.take() }
    }
}

private final class ThreadStart: Sendable {
    let threads: IdleThreads
    private let work: Mutex<ThreadWork?>

    init(work: ThreadWork, threads: IdleThreads) {
        self.work = Mutex(work)
        self.threads = threads
    }

    /// Once: nothing here keeps it then.
    func take() -> ThreadWork? { work.withLock { $0.take() } }
}

/// A function of its own: with its end nothing is left that the work has held, however long the thread waits for more.
/// - Returns: whether there was some.
@inline(never)
private func perform(_ work: inout ThreadWork?) -> Bool {
    guard let now = work.take() else { return false }
    backup_name_thread(now.name)
    now.run()
    return true
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    // A reader that has gone is an error of write(2) here, not the end of the process: the signal stays pending, and
    // goes with the thread.
    var brokenPipe = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    let seat = IdleThreads.Seat(nil)
    var work = start.take()
    while perform(&work) { work = start.threads.next(seat) }
    return nil
}
