internal import Synchronization

/// Tells every listener of a process. A listener that is slow finds the last few words, and then a nil for what it missed.
final class WakeUps: Sendable {
    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<String?>.Continuation] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    func stream() -> AsyncStream<String?> {
        let (stream, continuation) = AsyncStream<String?>.makeStream(bufferingPolicy: .bufferingNewest(256))
        let number: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// - Parameter topic: nil: look at everything.
    func tell(_ topic: String?) {
        for continuation in state.withLock({ Array($0.listeners.values) }) {
            if case .dropped = continuation.yield(topic) { continuation.yield(nil) }
        }
    }

    func close() {
        let all = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for continuation in all { continuation.finish() }
    }
}
