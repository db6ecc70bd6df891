internal import Synchronization

/// Lets one task wait until somebody rings, or for so long. A ring while nobody waits is remembered, several of them as one.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when it rings, at the latest after `limit`, and when the task is cancelled.
    func wait(atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return }
                self.ring()
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isRung = self.state.withLock { state in
                        defer { state.isRung = false }
                        if !state.isRung { state.waiter = continuation }
                        return state.isRung
                    }
                    if isRung { continuation.resume() }
                }
            } onCancel: {
                self.ring()
            }
            group.cancelAll()
        }
    }
}
