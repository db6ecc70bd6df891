internal import BackupState
internal import BackupWire

/// The server's log events in the agent's state.
actor StateLogBuffer: LogBuffer {
    private let state: StateStore
    /// Of those that ``oldest(_:)`` gave out last.
    private var numbers: [UInt64] = []

    init(_ state: StateStore) { self.state = state }

    func append(_ events: [BackupWire.LogEvent]) async throws -> Int {
        let before = try await state.size(.logsBuffer).dropped
        try await state.appendLogs(try events.map { try StateOutbox.bytes(.log($0), id: "") })
        let after = try await state.size(.logsBuffer).dropped
        return Int(clamping: after - min(before, after))
    }

    func oldest(_ limit: Int) async throws -> [BackupWire.LogEvent] {
        let kept = try await state.logs(limit: limit)
        numbers = kept.map(\.number)
        return try kept.map { entry in
            guard case .log(let event) = try WireCodec.decodeFromAgent(entry.bytes).message else {
                // Of a newer version: it must not stand in the way of those behind it.
                return BackupWire.LogEvent()
            }
            return event
        }
    }

    func removeOldest(_ count: Int) async throws {
        guard count > 0, count <= numbers.count else { return }
        try await state.removeLogs(through: numbers[count - 1])
        numbers.removeFirst(count)
    }
}
