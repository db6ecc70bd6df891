internal import Synchronization

/// So many requests a minute for each key, by a bucket that fills evenly.
///
/// Memory: `capacity` keys. With more, those whose buckets are full again are forgotten, which changes nothing for them; where all are
/// in use, new keys share one bucket, so that an attacker with many addresses limits only other new ones.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private let perMinute: Int
    private let capacity: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    package init(perMinute: Int, capacity: Int = 20_000) {
        self.perMinute = max(1, perMinute)
        self.capacity = capacity
    }

    /// Takes one request. - Returns: nil, or how long to wait.
    package func take(_ key: String, at now: ContinuousClock.Instant) -> Duration? {
        buckets.withLock { buckets in
            var key = key
            if buckets[key] == nil, buckets.count >= capacity {
                buckets = buckets.filter { refilled($0.value, at: now) < Double(perMinute) }
                if buckets.count >= capacity { key = "" }
            }
            var bucket = buckets[key] ?? Bucket(tokens: Double(perMinute), at: now)
            bucket.tokens = refilled(bucket, at: now)
            bucket.at = now
            defer { buckets[key] = bucket }
            if bucket.tokens >= 1 {
                bucket.tokens -= 1
                return nil
            }
            return .seconds((1 - bucket.tokens) * 60 / Double(perMinute))
        }
    }

    private func refilled(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let elapsed = bucket.at.duration(to: now).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return min(Double(perMinute), bucket.tokens + max(0, seconds) * Double(perMinute) / 60)
    }

    /// Keys that are remembered.
    package var count: Int { buckets.withLock { $0.count } }
}
