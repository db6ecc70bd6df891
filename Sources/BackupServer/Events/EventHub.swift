internal import BackupControl
internal import FoundationEssentials
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Hands what happens to everybody who listens: one reader of the store for all of them.
///
/// Memory: ``mostReaders`` times ``largestBacklog`` events. A reader that does not keep up is dropped, and comes again with the number
/// of the last event that it has seen.
final class EventHub: Service {
    static let mostReaders = 1000
    static let largestBacklog = 256
    static let heartbeat = Duration.seconds(15)
    private static let batch = 200

    enum Item: Sendable {
        case event(ServerEvent)
        case heartbeat
    }

    private struct State {
        var readers: [Int: AsyncStream<Item>.Continuation] = [:]
        var next = 0
        var isOver = false
    }

    private let store: any EventStore
    private let wakeUps: @Sendable () -> AsyncStream<String?>
    private let metrics: ServerMetrics
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter wakeUps: words of the store; `events` and nil are for us.
    init(
        store: any EventStore, metrics: ServerMetrics, logger: Logger,
        wakeUps: @escaping @Sendable () -> AsyncStream<String?>
    ) {
        self.store = store
        self.metrics = metrics
        self.logger = logger
        self.wakeUps = wakeUps
    }

    /// - Throws: ``APIError`` 503 when there are too many.
    func listen() throws -> (items: AsyncStream<Item>, leave: @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream<Item>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.largestBacklog))
        let number: Int? = state.withLock { state in
            guard !state.isOver, state.readers.count < Self.mostReaders else { return nil }
            state.next += 1
            state.readers[state.next] = continuation
            return state.next
        }
        guard let number else { throw APIError.unavailable("enough listen already") }
        noteReaders()
        return (stream, { [weak self] in self?.remove(number) })
    }

    private func remove(_ number: Int) {
        state.withLock { $0.readers.removeValue(forKey: number) }?.finish()
        noteReaders()
    }

    private func noteReaders() { metrics.setEventReaders(state.withLock { $0.readers.count }) }

    // MARK: Handing on

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.handOn() }
                group.addTask { await self.beat() }
                await group.next()
                group.cancelAll()
            }
        }
        let all = state.withLock { state in
            state.isOver = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in all { reader.finish() }
    }

    private func beat() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.heartbeat) } catch { return }
            offer(.heartbeat)
        }
    }

    private func handOn() async {
        let words = wakeUps()
        var last: Int64?
        do {
            last = try await store.lastEventNumber()
        } catch {
            logger.warning("events could not be read", error: error)
        }
        for await topic in words where topic == nil || topic == "events" {
            do {
                last = try await handOn(after: last)
            } catch {
                // The next word is soon there, and nothing was passed over.
                logger.warning("events could not be read", error: error)
            }
        }
    }

    /// - Parameter last: nil where it is not known: from now on, then.
    /// - Returns: the number of the last one.
    private func handOn(after last: Int64?) async throws -> Int64 {
        guard var after = last else { return try await store.lastEventNumber() }
        while true {
            let events = try await store.events(after: after, limit: Self.batch)
            for event in events { offer(.event(event)) }
            after = events.last?.number ?? after
            if events.count < Self.batch { return after }
        }
    }

    private func offer(_ item: Item) {
        let readers = state.withLock { $0.readers }
        for (number, reader) in readers {
            guard case .dropped = reader.yield(item) else { continue }
            remove(number)
            logger.notice("a listener does not keep up, and was dropped")
        }
    }
}
