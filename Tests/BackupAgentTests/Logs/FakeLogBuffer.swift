import BackupAgent
import BackupWire
import Synchronization

/// In memory, with room for few.
final class FakeLogBuffer: LogBuffer {
    private struct State {
        var events: [LogEvent] = []
        var isBroken = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    struct Broken: Error {}

    var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }

    var messages: [String] { state.withLock { $0.events.map(\.message) } }

    func append(_ events: [LogEvent]) async throws -> Int {
        try state.withLock { state in
            if state.isBroken { throw Broken() }
            state.events += events
            let dropped = max(0, state.events.count - limit)
            state.events.removeFirst(dropped)
            return dropped
        }
    }

    func oldest(_ limit: Int) async throws -> [LogEvent] {
        try state.withLock { state in
            if state.isBroken { throw Broken() }
            return Array(state.events.prefix(limit))
        }
    }

    func removeOldest(_ count: Int) async throws {
        try state.withLock { state in
            if state.isBroken { throw Broken() }
            state.events.removeFirst(count)
        }
    }
}
