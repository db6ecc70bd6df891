internal import BackupControl
internal import NIOCore
internal import ServiceLifecycle

/// One listener's stream (HTML standard, "Server-sent events"): first what it has missed, then what happens.
actor EventReader {
    /// Whether somebody may go on listening.
    struct Permit: Sendable {
        /// How often that is asked.
        let interval: Duration
        let isValid: @Sendable () async throws -> Bool
    }

    private static let batch = 100
    /// How long a reader that was dropped waits before it comes again.
    private static let retry = "retry: 3000\n\n"

    private let store: any EventStore
    private let topics: Set<String>
    private let leave: @Sendable () -> Void
    private let permit: Permit
    private var lastCheck = ContinuousClock.now
    private var items: AsyncStream<EventHub.Item>.Iterator
    /// The number of the last one that was read; nil: from now on.
    private var last: Int64?
    private var isReplaying: Bool
    private var hasBegun = false

    /// - Parameter last: what the listener has seen; nil for nothing.
    /// - Throws: as ``EventHub/listen(_:)``.
    init(
        store: any EventStore, hub: EventHub, user: UserRecord.ID, topics: Set<String>, after last: Int64?,
        permit: Permit
    ) throws {
        self.store = store
        self.topics = topics
        self.permit = permit
        self.last = last
        isReplaying = last != nil
        let (items, leave) = try hub.listen(user)
        self.items = items.makeAsyncIterator()
        self.leave = leave
    }

    deinit { leave() }

    /// nil when the listener was dropped, or may listen no more, or the server stops.
    func next() async throws -> ByteBuffer? {
        guard hasBegun else {
            hasBegun = true
            return ByteBuffer(string: Self.retry)
        }
        if isReplaying, let text = try await replay() { return ByteBuffer(string: text) }
        return await live().map { ByteBuffer(string: $0) }
    }

    /// What was missed, a batch at a time; nil at the end of it.
    private func replay() async throws -> String? {
        let events = try await store.events(after: last ?? 0, limit: Self.batch)
        isReplaying = events.count == Self.batch
        last = events.last?.number ?? last
        let text = events.filter(isWanted).map(Self.text).joined()
        return text.isEmpty && !isReplaying ? nil : text + ":\n"
    }

    private func live() async -> String? {
        while let item = await nextItem() {
            guard await isAllowed() else { return nil }
            switch item {
            case .heartbeat: return ":\n\n"
            case .event(let event):
                // Those that the replay has had already.
                guard event.number > last ?? 0 else { continue }
                last = event.number
                if isWanted(event) { return Self.text(event) }
            }
        }
        return nil
    }

    /// Sessions end, and people lose their rights. While the store can't say, it goes on; there is no news from it either.
    private func isAllowed() async -> Bool {
        guard .now - lastCheck >= permit.interval else { return true }
        lastCheck = .now
        do { return try await permit.isValid() } catch { return true }
    }

    private func nextItem() async -> EventHub.Item? {
        var iterator = items
        defer { items = iterator }
        return await withGracefulShutdownHandler {
            await iterator.next(isolation: self)
        } onGracefulShutdown: { [leave] in
            leave()
        }
    }

    private func isWanted(_ event: ServerEvent) -> Bool { topics.isEmpty || topics.contains(event.event.topic) }

    private static func text(_ event: ServerEvent) -> String {
        "id: \(event.number)\nevent: \(event.event.name)\ndata: \(event.event.data)\n\n"
    }
}
