internal import BackupControl
internal import FoundationEssentials
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Hands what happens to everybody who listens: one reader of the store for all of them.
///
/// Memory: ``mostReaders`` times ``largestBacklog`` events; of one person no more than ``mostOfOne``, so that nobody takes the room of all
/// others. A reader that does not keep up is dropped, and comes again with the number of the last event that it has seen.
final class EventHub: Service {
    static let mostReaders = 1000
    /// Each tab of a browser has one.
    static let mostOfOne = 32
    /// What who has as many is told to wait.
    private static let patience = Duration.seconds(30)
    static let largestBacklog = 256
    static let heartbeat = Duration.seconds(15)
    private static let batch = 200

    enum Item: Sendable {
        case event(ServerEvent)
        case heartbeat
    }

    private struct Reader {
        let user: UserRecord.ID
        let items: AsyncStream<Item>.Continuation
    }

    private struct State {
        var readers: [Int: Reader] = [:]
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

    /// - Throws: ``APIError`` 429 when `user` has as many as one may have, 503 when there are too many.
    func listen(_ user: UserRecord.ID) throws -> (items: AsyncStream<Item>, leave: @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream<Item>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.largestBacklog))
        let number = try state.withLock { state in
            guard !state.isOver, state.readers.count < Self.mostReaders else {
                throw APIError.unavailable("enough listen already")
            }
            guard state.readers.values.count(where: { $0.user == user }) < Self.mostOfOne else {
                throw APIError.rateLimited(retryAfter: Self.patience)
            }
            state.next += 1
            state.readers[state.next] = Reader(user: user, items: continuation)
            return state.next
        }
        noteReaders()
        return (stream, { [weak self] in self?.remove(number) })
    }

    private func remove(_ number: Int) {
        state.withLock { $0.readers.removeValue(forKey: number) }?.items.finish()
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
        for reader in all { reader.items.finish() }
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
            guard case .dropped = reader.items.yield(item) else { continue }
            remove(number)
            logger.notice("a listener does not keep up, and was dropped")
        }
    }
}
