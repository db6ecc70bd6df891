internal import BackupCore

/// A bounded queue between two stages, either of which may be a thread or a task.
///
/// Memory: at most `capacity` blocks. One producer and one consumer.
final class BlockQueue: Sendable {
    private struct State {
        var blocks: [ByteBlock] = []
        var end: Result<Void, any Error>?
        var isClosed = false
        /// The task of one side that waits for the other.
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let capacity: Int
    private let state = Monitor(State())

    init(capacity: Int) { self.capacity = capacity }

    // MARK: A thread's side

    /// Waits for room. Throws `CancellationError` once the consumer has gone.
    func push(_ block: ByteBlock) throws {
        let waiter = try state.wait { state in
            self.hasRoom(state) ? try self.put(block, &state) : nil
        }
        waiter.task?.resume()
    }

    /// Waits for a block; nil at the normal end. Throws what the producer failed with.
    func pop() throws -> ByteBlock? {
        let (block, waiter) = try state.wait { state in
            self.hasNews(state) ? try self.take(&state) : nil
        }
        waiter.task?.resume()
        return block
    }

    // MARK: A task's side

    /// As the thread's, but suspends. A cancelled task closes the queue.
    func push(_ block: ByteBlock) async throws {
        try await withTaskCancellationHandler {
            await sleep { self.hasRoom($0) }
            try state.update { try self.put(block, &$0) }.task?.resume()
        } onCancel: {
            close()
        }
    }

    /// As the thread's, but suspends. A cancelled task closes the queue.
    func pop() async throws -> ByteBlock? {
        try await withTaskCancellationHandler {
            await sleep { self.hasNews($0) }
            let (block, waiter) = try state.update { try self.take(&$0) }
            waiter.task?.resume()
            return block
        } onCancel: {
            close()
        }
    }

    // MARK: The end

    /// The producer is done, with an error or without. The first call decides.
    func finish(_ end: Result<Void, any Error> = .success(())) {
        change { state in state.end = state.end ?? end }
    }

    /// One side has gone: what is queued is dropped, and both sides get `CancellationError`.
    func close() {
        change { state in
            state.isClosed = true
            state.blocks.removeAll()
        }
    }

    // MARK: Inside

    /// The task to wake after a change; a box, because a wait needs something that is never nil.
    private struct Waiter: Sendable {
        let task: CheckedContinuation<Void, Never>?

        init(_ state: inout State) {
            task = state.waiter
            state.waiter = nil
        }
    }

    private func hasRoom(_ state: State) -> Bool { state.isClosed || state.blocks.count < capacity }

    private func hasNews(_ state: State) -> Bool { state.isClosed || !state.blocks.isEmpty || state.end != nil }

    private func put(_ block: ByteBlock, _ state: inout State) throws -> Waiter {
        if state.isClosed { throw CancellationError() }
        state.blocks.append(block)
        return Waiter(&state)
    }

    private func take(_ state: inout State) throws -> (ByteBlock?, Waiter) {
        if state.isClosed { throw CancellationError() }
        if !state.blocks.isEmpty { return (state.blocks.removeFirst(), Waiter(&state)) }
        try state.end?.get()
        return (nil, Waiter(&state))
    }

    private func change(_ body: (inout State) -> Void) {
        state.update { state in
            body(&state)
            return Waiter(&state)
        }
        .task?.resume()
    }

    /// Suspends until `isReady`; with one task a side, what is ready stays ready until that task takes it.
    private func sleep(until isReady: @Sendable (State) -> Bool) async {
        while true {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let resumeNow = state.update { state -> Bool in
                    if isReady(state) { return true }
                    state.waiter = continuation
                    return false
                }
                if resumeNow { continuation.resume() }
            }
            if state.update({ isReady($0) }) { return }
        }
    }
}
