internal import Synchronization

/// Lets so much work go on at once, some wait for it, and refuses the rest.
final class WorkSlots: Sendable {
    private struct State {
        var running = 0
        var waiters: [CheckedContinuation<Bool, Never>] = []
    }

    private let atOnce: Int
    private let waiting: Int
    private let state = Mutex(State())

    init(atOnce: Int, waiting: Int) {
        self.atOnce = atOnce
        self.waiting = waiting
    }

    /// - Throws: ``ControlError/busy(_:)`` where enough wait already; what `body` throws.
    func run<R: Sendable>(_ body: @Sendable () async throws -> R) async throws -> R {
        try await enter()
        defer { leave() }
        return try await body()
    }

    /// Whoever waits is not woken by cancellation: the work before it is short.
    private func enter() async throws {
        let mayEnter = await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.running < atOnce {
                    state.running += 1
                    return true
                }
                guard state.waiters.count < waiting else { return false }
                state.waiters.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        guard mayEnter else { throw ControlError.busy("passwords are being checked") }
    }

    /// The place goes to the one that has waited longest.
    private func leave() {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.running -= 1
            return nil
        }
        next?.resume(returning: true)
    }
}
