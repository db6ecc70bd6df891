/// How often something may happen: `rate` times a second in the long run, `burst` times at once.
struct TokenBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private var tokens: Double
    private var last: ContinuousClock.Instant

    init(rate: Double, burst: Double, now: ContinuousClock.Instant) {
        self.rate = rate
        self.burst = burst
        tokens = burst
        last = now
    }

    mutating func take(now: ContinuousClock.Instant) -> Bool {
        tokens = min(burst, tokens + rate * ((now - last) / .seconds(1)))
        last = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
