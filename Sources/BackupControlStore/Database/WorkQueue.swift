internal import BackupCore

/// Work for threads of a database's own, in order of arrival.
///
/// Memory: at most ``largest`` pieces wait; whoever brings one more is refused.
final class WorkQueue<Work>: Sendable {
    /// Callers wait for their results, so this is how many requests are served at once.
    static var largest: Int { 20_000 }

    private struct State {
        var waiting: [Work] = []
        var isClosed = false
    }

    private let state = Monitor(State())

    /// - Throws: ``ControlStoreError/closed``, ``ControlStoreError/contention(_:)`` when it is full.
    func put(_ work: sending Work, place: String) throws(ControlStoreError) {
        let refusal: ControlStoreError? = state.update { state in
            guard !state.isClosed else { return .closed }
            guard state.waiting.count < Self.largest else { return .contention(place) }
            state.waiting.append(work)
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Waits for work. Only for threads that may block.
    /// - Returns: up to `limit` pieces; empty once it is closed and there are none left.
    func take(atMost limit: Int) -> [Work] {
        state.wait { state in
            guard !state.waiting.isEmpty || state.isClosed else { return nil }
            let taken = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    func close() { state.update { $0.isClosed = true } }
}
