internal import CBackupSystem
internal import Glibc
internal import Synchronization

/// Work that blocks: reading pipes, compressing, calls of C libraries.
///
/// The cooperative pool has as many threads as cores; one that blocks stops tasks that have nothing to do with it. There are as many
/// threads as there is such work at once; those that are done wait a moment for more (``IdleThreads``).
package enum BlockingThread {
    private static let idle = IdleThreads()

    /// Runs `body` on a thread of its own and returns its result.
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

    /// Runs `body` on a thread of its own, and doesn't wait for it: for loops that end with what they work for.
    /// - Throws: ``CoreError/systemCall(_:on:errno:)`` when there can be no further thread.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(CoreError) {
        let failure = create(name, body)
        if failure != 0 { throw .systemCall("pthread_create", on: "thread '\(name)'", errno: failure) }
    }

    /// The same for calls of a library that nothing can interrupt: a caller that is cancelled goes on at once, and the thread ends when
    /// the call does, its result unused.
    /// - Throws: `CancellationError`; as ``run(_:_:)``.
    package static func runAbandonable<R: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws -> R
    ) async throws -> R {
        let waiter = Waiter<R>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard waiter.wait(with: continuation) else { return }
                let failure = create(name) { waiter.resume(with: Result { try body() }) }
                if failure != 0 {
                    let error = CoreError.systemCall("pthread_create", on: "thread '\(name)'", errno: failure)
                    waiter.resume(with: .failure(error))
                }
            }
        } onCancel: {
            waiter.resume(with: .failure(CancellationError()))
        }
    }

    /// Whoever waits for a result; the first one counts.
    private final class Waiter<R: Sendable>: Sendable {
        private enum State {
            case starting
            case waiting(CheckedContinuation<R, any Error>)
            case done(Result<R, any Error>)
        }

        private let state = Mutex(State.starting)

        /// Whether there is something to wait for; no longer, once it was cancelled.
        func wait(with continuation: CheckedContinuation<R, any Error>) -> Bool {
            let early: Result<R, any Error>? = state.withLock { state in
                if case .done(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(with: early) }
            return early == nil
        }

        func resume(with result: Result<R, any Error>) {
            let continuation: CheckedContinuation<R, any Error>? = state.withLock { state in
                defer { state = .done(result) }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(with: result)
        }
    }

    /// Returns 0, or the error number of pthread_create(3); `body` is then not run.
    private static func create(_ name: String, _ body: @escaping @Sendable () -> Void) -> Int32 {
        idle.run(ThreadWork(name: name, run: body))
    }
}
