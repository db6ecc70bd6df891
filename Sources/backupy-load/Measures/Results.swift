internal import FoundationEssentials

/// What was measured, as a table or as one JSON object.
struct Results {
    private struct Row {
        let name: String
        let key: String
        let value: Double
        let unit: String
    }

    private var rows: [Row] = []
    private var notes: [String] = []

    /// - Parameter key: in the JSON; its unit ends it.
    mutating func add(_ name: String, _ key: String, _ value: Double, _ unit: String = "") {
        rows.append(Row(name: name, key: key, value: value, unit: unit))
    }

    mutating func add(_ name: String, _ key: String, _ value: Int) { add(name, key, Double(value)) }

    /// Handshakes or calls.
    mutating func add(_ name: String, _ key: String, _ times: [Duration]) {
        let percentiles = Percentiles(times)
        add("\(name), p50", "\(key)_p50_ms", percentiles.p50, "ms")
        add("\(name), p99", "\(key)_p99_ms", percentiles.p99, "ms")
        add("\(name), longest", "\(key)_longest_ms", percentiles.largest, "ms")
    }

    /// What failed, the commonest first.
    mutating func add(failures: [String: Int]) {
        for (reason, count) in failures.sorted(by: { $0.value > $1.value }).prefix(5) {
            notes.append("\(count) × \(reason)")
        }
    }

    func print(asJSON: Bool) throws {
        for note in notes { Console.say(note) }
        guard !asJSON else {
            let values = Dictionary(rows.map { ($0.key, $0.value) }) { _, last in last }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            return Console.print(String(decoding: try encoder.encode(values), as: UTF8.self))
        }
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            Console.print("\(name)  \(Self.text(row.value))\(row.unit.isEmpty ? "" : " \(row.unit)")")
        }
    }

    private static func text(_ value: Double) -> String {
        if value == value.rounded() { return "\(Int(value))" }
        let scaled = (value * 1000).rounded() / 1000
        return "\(scaled)"
    }
}
