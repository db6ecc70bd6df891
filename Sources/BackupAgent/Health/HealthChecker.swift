package import BackupCore
package import BackupWire
internal import Synchronization

/// Runs the configuration's health checks, each by itself and in its own rhythm.
///
/// At most ``largestParallelCount`` at once; one that waits for its turn is late, never left out. Waits go by the monotonic
/// clock; a result's time is the wall's.
package final class HealthChecker: Sendable {
    static let largestParallelCount = 16

    private let probe: HealthProbe
    private let schedule = Mutex(HealthSchedule())
    private let running = Mutex(0)
    private let signal = WakeSignal()
    private let metrics: AgentMetrics

    package init(policy: HostPolicy, metrics: AgentMetrics) {
        probe = HealthProbe(policy: policy)
        self.metrics = metrics
    }

    /// Takes over the checks of a configuration. Those that are as before go on undisturbed.
    /// - Returns: how many of them were left out: more than ``HealthSchedule/largestCount``, or an id twice.
    @discardableResult
    package func apply(_ checks: [HealthCheck]) -> Int {
        let leftOut = schedule.withLock { $0.apply(checks, now: .now) { Double.random(in: 0..<1) } }
        signal.set()
        return leftOut
    }

    /// Runs a check now; its rhythm begins anew.
    /// - Returns: false when there is no such check.
    @discardableResult
    package func runNow(_ id: String) -> Bool {
        let isKnown = schedule.withLock { $0.want(id) }
        signal.set()
        return isKnown
    }

    /// Runs checks until cancelled; then the ones on their way are cancelled, and have no result.
    /// - Parameters:
    ///   - turned: called whenever the loop turns, at least every 30 s.
    ///   - report: takes each result as it comes. A check doesn't end before it returns.
    package func run(
        turned: @escaping @Sendable () -> Void = {}, report: @escaping @Sendable (HealthResult) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                turned()
                for check in startDue() {
                    group.addTask { await self.run(check, report) }
                }
                let next = schedule.withLock { $0.nextDue }
                let latest = ContinuousClock.now + .seconds(30)
                // With all places taken, the next to end wakes the loop.
                let isFull = running.withLock { $0 } >= Self.largestParallelCount
                await signal.wait(until: isFull ? latest : min(next ?? latest, latest))
            }
            group.cancelAll()
        }
    }

    private func startDue() -> [HealthCheck] {
        running.withLock { running in
            let due = schedule.withLock { $0.start(now: .now, limit: Self.largestParallelCount - running) }
            running += due.count
            return due
        }
    }

    private func run(_ check: HealthCheck, _ report: @Sendable (HealthResult) async -> Void) async {
        let result = await probe.run(check)
        let counts = schedule.withLock { $0.finish(check, now: .now) }
        running.withLock { $0 -= 1 }
        if counts, let result {
            metrics.countHealthCheck(id: check.id, duration: .milliseconds(Int64(result.latencyMilliseconds)))
            await report(result)
        }
        signal.set()
    }
}
