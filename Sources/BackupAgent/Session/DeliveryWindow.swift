/// What of the outbox is on its way over one connection. Memory: ``limit`` ids.
struct DeliveryWindow: Sendable {
    /// How many messages may wait for their acknowledgements.
    static let limit = 32

    /// The position of the last one that was sent; nil before the first. A new connection begins with the oldest again.
    private(set) var position: UInt64?
    private var inFlight: [OutboxEntry.Place] = []

    var room: Int { Self.limit - inFlight.count }
    var isEmpty: Bool { inFlight.isEmpty }

    /// - Parameter waits: for the peer's acknowledgement.
    mutating func passed(_ entry: OutboxEntry, waits: Bool) {
        position = entry.position
        if waits { inFlight.append(entry.place) }
    }

    /// - Returns: the positions of what was acknowledged, several for several copies; none for what was not in flight.
    mutating func acknowledged(_ id: String) -> [UInt64] {
        defer { inFlight.removeAll { $0.id == id } }
        return inFlight.filter { $0.id == id }.map(\.position)
    }
}
