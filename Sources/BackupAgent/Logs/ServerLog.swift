package import BackupWire
package import Logging
internal import Synchronization

/// What the agent logs, on its way to the server.
///
/// Logging never waits: events go into a bounded queue, as fast as ``Limits`` allow, and ``run(send:)`` takes them out in
/// batches. What can't be sent waits in a ``LogBuffer``. Whatever is dropped on the way is counted, and the number goes
/// with the next batch. Memory: ``Limits/queue`` events of at most 33 texts (``AgentLog``).
package final class ServerLog: Sendable {
    package struct Limits: Sendable {
        /// Events a second in the long run.
        package var rate = 20.0
        /// Events at once.
        package var burst = 100.0
        package var queue = 500
        package var batch = 100
        /// How long events are collected into a batch.
        package var batchTime = Duration.seconds(1)
        /// How long until what could not be sent is tried again without a ``ServerLog/wake()``.
        package var retryTime = Duration.seconds(60)

        package init() {}
    }

    /// Hands events over; false when they can't be now, and then none of them was.
    package typealias Send = @Sendable (_ events: [BackupWire.LogEvent], _ dropped: UInt64) async -> Bool

    private struct State {
        var queue: [BackupWire.LogEvent] = []
        var dropped: UInt64 = 0
        var bucket: TokenBucket
    }

    private let buffer: any LogBuffer
    private let limits: Limits
    private let minimumLevel: Logger.Level
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>
    private let signal = WakeSignal()

    package init(
        buffer: any LogBuffer, minimumLevel: Logger.Level = .info, limits: Limits = Limits(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.buffer = buffer
        self.minimumLevel = minimumLevel
        self.limits = limits
        self.now = now
        state = Mutex(State(bucket: TokenBucket(rate: limits.rate, burst: limits.burst, now: now())))
    }

    /// Takes an event in; returns at once.
    package func record(_ record: LogRecord) {
        guard record.level >= minimumLevel else { return }
        let isTaken = state.withLock { state in
            guard state.bucket.take(now: now()), state.queue.count < limits.queue else {
                state.dropped += 1
                return false
            }
            state.queue.append(BackupWire.LogEvent(record))
            return true
        }
        if isTaken { signal.set() }
    }

    /// There is a connection: what waits can be sent.
    package func wake() { signal.set() }

    /// Sends until cancelled; what is left then goes into the buffer.
    package func run(send: @escaping Send) async {
        while !Task.isCancelled {
            await signal.wait(until: now() + limits.retryTime)
            // A cancelled one is the last.
            try? await Task.sleep(for: limits.batchTime)
            if !Task.isCancelled { await flush(send) }
        }
        // A task of its own, because a cancelled one can't write.
        await Task { await self.store() }.value
    }

    /// Sends what waits in the buffer, then what is new; what can't be sent goes into the buffer.
    func flush(_ send: Send) async {
        guard await flushBuffer(send) else { return await store() }
        while case let batch = nextBatch(), !batch.isEmpty {
            guard await hand(batch, to: send) else {
                await store(batch)
                return await store()
            }
        }
    }

    private func flushBuffer(_ send: Send) async -> Bool {
        do {
            while case let batch = try await buffer.oldest(limits.batch), !batch.isEmpty {
                guard await hand(batch, to: send) else { return false }
                try await buffer.removeOldest(batch.count)
            }
            return true
        } catch {
            // The buffer's owner reports a state that can't be read or written. New events may still get through.
            return true
        }
    }

    private func hand(_ batch: [BackupWire.LogEvent], to send: Send) async -> Bool {
        let dropped = state.withLock { $0.dropped }
        guard await send(batch, dropped) else { return false }
        state.withLock { $0.dropped -= dropped }
        return true
    }

    private func nextBatch() -> [BackupWire.LogEvent] {
        state.withLock { state in
            let batch = Array(state.queue.prefix(limits.batch))
            state.queue.removeFirst(batch.count)
            return batch
        }
    }

    private func store() async {
        while case let batch = nextBatch(), !batch.isEmpty { await store(batch) }
    }

    private func store(_ batch: [BackupWire.LogEvent]) async {
        let lost: Int
        do { lost = try await buffer.append(batch) } catch { lost = batch.count }
        state.withLock { $0.dropped += UInt64(max(0, lost)) }
    }
}
