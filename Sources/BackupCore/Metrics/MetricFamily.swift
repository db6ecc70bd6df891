/// One metric with all its label sets, for Prometheus.
package struct MetricFamily: Sendable {
    package enum Kind: Sendable {
        case counter
        case gauge
        /// - Parameter: upper bounds of the buckets, rising; the last one, +Inf, is added.
        case histogram([Double])
    }

    /// Label sets; those above are counted together, with `other` for each label.
    package static let largestCount = 512

    private struct Sample {
        var value = 0.0
        /// Of a histogram: how many were in each bucket, and in none of them.
        var counts: [UInt64] = []
    }

    private let kind: Kind
    private let name: String
    private let help: String
    private let labels: [String]
    private var samples: [[String]: Sample] = [:]

    /// - Parameter name: whole: `backupy_agent_up`.
    package init(_ kind: Kind, _ name: String, _ help: String, labels: [String] = []) {
        self.kind = kind
        self.name = name
        self.help = help
        self.labels = labels
    }

    package mutating func set(_ value: Double, _ values: [String] = []) {
        samples[key(values), default: Sample()].value = value
    }
    package mutating func add(_ value: Double, _ values: [String] = []) {
        samples[key(values), default: Sample()].value += value
    }

    package mutating func observe(_ value: Double, _ values: [String] = []) {
        guard case .histogram(let bounds) = kind else { return }
        var sample = samples[key(values)] ?? Sample(counts: Array(repeating: 0, count: bounds.count + 1))
        sample.value += value
        sample.counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        samples[key(values)] = sample
    }

    private func key(_ values: [String]) -> [String] {
        samples[values] != nil || samples.count < Self.largestCount ? values : labels.map { _ in "other" }
    }

    package var exposition: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) \(typeName)\n"
        for (values, sample) in samples.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard case .histogram(let bounds) = kind else {
                text += "\(name)\(labelText(values)) \(Self.number(sample.value))\n"
                continue
            }
            var count: UInt64 = 0
            for (bound, inBucket) in zip(bounds.map(Self.number) + ["+Inf"], sample.counts) {
                count += inBucket
                text += "\(name)_bucket\(labelText(values, ("le", bound))) \(count)\n"
            }
            text += "\(name)_sum\(labelText(values)) \(Self.number(sample.value))\n"
            text += "\(name)_count\(labelText(values)) \(count)\n"
        }
        return text
    }

    private var typeName: String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private func labelText(_ values: [String], _ extra: (String, String)? = nil) -> String {
        let pairs = Array(zip(labels, values)) + (extra.map { [$0] } ?? [])
        guard !pairs.isEmpty else { return "" }
        return "{" + pairs.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }

    /// Label values: backslash, quote and line feed (Prometheus, "Text-based format"). The start is enough of an id.
    private static func escaped(_ value: String) -> String {
        // By scalars: a quote with a mark that combines with it is another character, and still a quote.
        value.unicodeScalars.prefix(128).map { scalar in
            switch scalar {
            case "\\": #"\\"#
            case "\"": #"\""#
            case "\n": #"\n"#
            default: String(scalar)
            }
        }.joined()
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
