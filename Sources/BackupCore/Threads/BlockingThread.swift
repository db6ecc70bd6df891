internal import CBackupSystem
internal import Glibc

/// Work that blocks: reading pipes, compressing, calls of C libraries.
///
/// The cooperative pool has as many threads as cores; one that blocks stops tasks that have nothing to do with it.
package enum BlockingThread {
    /// Runs `body` on a new thread and returns its result.
    ///
    /// The thread is not interrupted by cancellation: what it blocks on must be closed (a pipe, a queue, a pool).
    /// - Throws: what `body` throws, or ``CoreError/systemCall(_:on:errno:)`` when there can be no further thread.
    package static func run<R: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            let failure = create(name) { continuation.resume(with: Result { try body() }) }
            if failure != 0 {
                continuation.resume(
                    throwing: CoreError.systemCall("pthread_create", on: "thread '\(name)'", errno: failure))
            }
        }
    }

    /// Runs `body` on a new thread, and doesn't wait for it: for loops that end with what they work for.
    /// - Throws: ``CoreError/systemCall(_:on:errno:)`` when there can be no further thread.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(CoreError) {
        let failure = create(name, body)
        if failure != 0 { throw .systemCall("pthread_create", on: "thread '\(name)'", errno: failure) }
    }

    /// Returns 0, or the error number of pthread_create(3); `body` is then not run.
    private static func create(_ name: String, _ body: @escaping @Sendable () -> Void) -> Int32 {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, threadMain, box.toOpaque())
        if failure == 0 { pthread_detach(thread) } else { box.release() }
        return failure
    }
}

private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
    backup_name_thread(body.name)
    // A reader that has gone is an error of write(2) here, not the end of the process: the signal stays pending, and
    // goes with the thread.
    var brokenPipe = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    body.run()
    return nil
}
