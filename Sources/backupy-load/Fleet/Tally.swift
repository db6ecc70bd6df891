internal import NIOCore
internal import Synchronization

/// What the agents have seen so far.
///
/// Memory: 8 bytes for each handshake; at most 32 kinds of failures.
final class Tally: Sendable {
    struct Counts: Sendable {
        /// Now.
        var registered = 0
        var heartbeats = 0
        /// Connections that ended after a handshake.
        var lost = 0
        /// Attempts that did not end in a handshake, by what was in the way.
        var failures: [String: Int] = [:]
        var handshakes: [Duration] = []
        var firstLost: ContinuousClock.Instant?
        var lastLost: ContinuousClock.Instant?
        var lastRegistered: ContinuousClock.Instant?
        /// After the first loss.
        var firstBack: ContinuousClock.Instant?

        var failed: Int { failures.values.reduce(0, +) }
        var commonestFailure: String? { failures.max { $0.value < $1.value }?.key }
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func registered(after time: TimeAmount) {
        state.withLock { counts in
            counts.registered += 1
            counts.handshakes.append(.nanoseconds(time.nanoseconds))
            let now = ContinuousClock.now
            counts.lastRegistered = now
            if counts.firstLost != nil, counts.firstBack == nil { counts.firstBack = now }
        }
    }

    func lost() {
        state.withLock { counts in
            counts.registered -= 1
            counts.lost += 1
            let now = ContinuousClock.now
            counts.lastLost = now
            if counts.firstLost == nil { counts.firstLost = now }
        }
    }

    func failed(_ reason: String) {
        state.withLock { counts in
            let known = counts.failures[reason] != nil || counts.failures.count < 32
            counts.failures[known ? reason : "others", default: 0] += 1
        }
    }

    func sentHeartbeat() { state.withLock { $0.heartbeats += 1 } }

    /// A new count of what passes; who is registered stays.
    func reset() {
        state.withLock { counts in
            let registered = counts.registered
            counts = Counts()
            counts.registered = registered
        }
    }
}
