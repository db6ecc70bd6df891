internal import NIOCore
internal import Synchronization

/// The sockets of one attempt to connect, so that it can be given up at any moment.
final class ConnectionAttempt: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isOver = false
    }

    private let state = Mutex(State())

    /// To be called for each channel before it connects.
    func add(_ channel: any Channel) {
        let isOver = state.withLock { state in
            if !state.isOver { state.channels.append(channel) }
            return state.isOver
        }
        if isOver { channel.close(promise: nil) }
    }

    func giveUp() {
        let channels = state.withLock { state in
            state.isOver = true
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
