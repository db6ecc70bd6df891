internal import BackupCore

/// How a tool ended, for the threads that wait for it.
final class ToolExit: Sendable {
    private struct State {
        var outcome: Result<Void, DriverError>?
        var isCancelled = false
    }

    private let state = Monitor(State())

    func set(_ outcome: Result<Void, DriverError>) { state.update { $0.outcome = outcome } }

    /// Lets a thread that waits go with `CancellationError`.
    func cancel() { state.update { $0.isCancelled = true } }

    /// Blocks a thread until the tool has ended; throws when it did not end well.
    func wait() throws {
        try state.wait { state -> Result<Void, DriverError>? in
            if state.isCancelled, state.outcome == nil { throw CancellationError() }
            return state.outcome
        }.get()
    }

    /// How it ended; nil while it runs.
    var outcome: Result<Void, DriverError>? { state.update { $0.outcome } }
}
