/// The middle and the end of a distribution, by nearest rank.
struct Percentiles {
    let p50: Double
    let p99: Double
    let largest: Double

    /// In milliseconds. No times at all are all zero.
    init(_ times: [Duration]) {
        let sorted = times.map { $0 / .milliseconds(1) }.sorted()
        func rank(_ share: Double) -> Double {
            guard !sorted.isEmpty else { return 0 }
            let index = Int((Double(sorted.count) * share).rounded(.up)) - 1
            return sorted[min(max(0, index), sorted.count - 1)]
        }
        p50 = rank(0.5)
        p99 = rank(0.99)
        largest = sorted.last ?? 0
    }
}
