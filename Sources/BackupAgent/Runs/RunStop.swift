/// Why a run or a restore is ended from outside. A timeout is not a cancellation.
enum RunStop: Error, Sendable, Equatable {
    case cancelled(reason: String)
    case timedOut(Duration)
    /// The agent itself stops.
    case stopping

    /// What ended work, as people are told it.
    static func reason(of error: any Error) -> any Error {
        switch error {
        case RunStop.cancelled(let reason): RunError.cancelled(reason)
        case RunStop.timedOut(let limit): RunError.timedOut(limit)
        case RunStop.stopping, is CancellationError: RunError.stopping
        default: error
        }
    }
}

/// Work that can be told to stop, with a reason.
enum Stoppable {
    /// - Parameter limit: how long it may take; nil for any time.
    /// - Throws: ``RunStop`` once `body` has been cancelled and has ended; what `body` throws.
    static func run<R: Sendable>(
        stops: AsyncStream<RunStop>, limit: Duration?, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await stop in stops { throw stop }
                throw CancellationError()
            }
            if let limit {
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw RunStop.timedOut(limit)
                }
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
