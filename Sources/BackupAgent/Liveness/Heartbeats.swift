internal import Synchronization

/// When each of the agent's loops has turned last.
package final class Heartbeats: Sendable {
    private struct Loop {
        var last: ContinuousClock.Instant
        let limit: Duration
    }

    private let loops = Mutex<[String: Loop]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// From now on the loop must turn at least once in `limit`.
    package func expect(_ name: String, every limit: Duration) {
        let now = now()
        loops.withLock { $0[name] = Loop(last: now, limit: limit) }
    }

    /// It has turned. One that nobody expects is ignored.
    package func beat(_ name: String) {
        let now = now()
        loops.withLock { $0[name]?.last = now }
    }

    /// It has ended as it should.
    package func forget(_ name: String) { loops.withLock { _ = $0.removeValue(forKey: name) } }

    func loopReports() -> [LivenessReport.Loop] {
        let now = now()
        return loops.withLock { $0 }.sorted { $0.key < $1.key }.map { name, loop in
            let age = now - loop.last
            return LivenessReport.Loop(
                name: name, ageMilliseconds: age.milliseconds, limitMilliseconds: loop.limit.milliseconds,
                isAlive: age <= loop.limit)
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
