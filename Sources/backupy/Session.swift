internal import BackupCore
internal import BackupPipeline
internal import CBackupSystem
internal import Glibc
internal import UnixSignals

/// A long operation in front of a person: it shows progress, and ends in order when it is told to.
enum Session {
    /// Runs `operation` until it ends, cancelling it on the first SIGINT, SIGTERM or SIGHUP. A second one ends the
    /// process at once. Under nohup SIGHUP stays ignored.
    /// - Throws: errors of `operation`, or ``Interruption`` once `operation` has cleaned up after a signal.
    static func run<R: Sendable>(
        _ progress: Progress, output: OutputOptions, _ operation: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let signals = await UnixSignalsSequence(
            trapping: [.sigint, .sigterm] + (backup_ignores_signal(SIGHUP) ? [] : [.sighup]))
        let (stops, stop) = AsyncStream<Int32>.makeStream()
        let (result, signal) = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var isStopping = false
                for await signal in signals {
                    if isStopping { _exit(ExitStatus.stopped(by: signal.rawValue).rawValue) }
                    isStopping = true
                    stop.yield(signal.rawValue)
                }
            }
            if output.showsProgress { group.addTask { await ProgressDisplay(progress).run() } }
            let outcome = await outcome(of: operation, stops: stops)
            group.cancelAll()
            return outcome
        }
        switch (result, signal) {
        case (.success(let value), _): return value
        case (.failure(let error), nil): throw error
        case (.failure(let error), let signal?):
            throw Interruption(signal: signal, underlying: error as? any BackupError)
        }
    }

    private enum Event<R: Sendable>: Sendable {
        case ended(Result<R, any Error>)
        case stopped(Int32?)
    }

    /// The end of `operation`, and the signal that cancelled it, if one did.
    private static func outcome<R: Sendable>(
        of operation: @escaping @Sendable () async throws -> R, stops: AsyncStream<Int32>
    ) async -> (Result<R, any Error>, Int32?) {
        await withTaskGroup(of: Event<R>.self) { group in
            group.addTask {
                do { return .ended(.success(try await operation())) } catch { return .ended(.failure(error)) }
            }
            group.addTask { .stopped(await stops.first { _ in true }) }
            var signal: Int32?
            for await event in group {
                switch event {
                case .ended(let result):
                    group.cancelAll()
                    return (result, signal)
                case .stopped(let number):
                    signal = number
                    group.cancelAll()
                }
            }
            return (.failure(CancellationError()), signal)
        }
    }
}

/// A signal ended the operation, and everything was put back in order.
struct Interruption: BackupError {
    let signal: Int32
    /// What went wrong while it was put back in order.
    let underlying: (any BackupError)?

    var code: String { "command.interrupted" }
    var message: String {
        "stopped by \(signal == SIGINT ? "Ctrl-C" : "signal \(signal)"); what had been begun was undone"
    }
    var hint: String { "run the command again when you are ready" }
    var recovery: Recovery { .retry }
    var cause: (any Error)? { underlying }
}
