/// How long to wait before the next connection: 1, 2, 4 … 60 s, each with up to 20 % more or less.
///
/// The jitter spreads agents that lost the server in the same moment. Whoever completes a handshake calls ``reset()``: otherwise
/// an agent that was cut off once would be slow for ever.
package struct Backoff: Sendable {
    package let first: Duration
    package let cap: Duration
    private let random: @Sendable (ClosedRange<Double>) -> Double
    private var failures = 0

    package init(
        first: Duration = .seconds(1), cap: Duration = .seconds(60),
        random: @escaping @Sendable (ClosedRange<Double>) -> Double = { Double.random(in: $0) }
    ) {
        self.first = first
        self.cap = cap
        self.random = random
    }

    /// The wait after one more failure.
    package mutating func next() -> Duration {
        let wait = min(first * (1 << failures), cap)
        // Past the cap nothing changes, and 2 to the power of it must not overflow.
        if wait < cap { failures += 1 }
        return jittered(wait)
    }

    package mutating func reset() { failures = 0 }

    /// Up to 20 % more or less.
    package func jittered(_ wait: Duration) -> Duration { wait * random(0.8...1.2) }
}
