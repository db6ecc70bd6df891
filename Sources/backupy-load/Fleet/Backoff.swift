/// The agents' waits between connections: 1, 2, 4 … 60 s, each with up to 20 % more or less; the same as the real agent's.
struct Backoff {
    private var failures = 0

    mutating func next() -> Duration {
        let wait = min(1 << failures, 60)
        if wait < 60 { failures += 1 }
        return .seconds(Double(wait) * Double.random(in: 0.8...1.2))
    }

    mutating func reset() { failures = 0 }
}
