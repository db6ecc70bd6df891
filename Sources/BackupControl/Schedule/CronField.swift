/// One of the five fields of a schedule: which values it has.
struct CronField: Sendable, Equatable {
    struct Kind: Sendable {
        let name: String
        let values: ClosedRange<Int>
        /// Of three letters, from the first value on.
        var names: [String] = []

        static let minute = Kind(name: "minute", values: 0...59)
        static let hour = Kind(name: "hour", values: 0...23)
        static let dayOfMonth = Kind(name: "day of month", values: 1...31)
        static let month = Kind(
            name: "month", values: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        /// Sunday is 0 and 7.
        static let dayOfWeek = Kind(
            name: "day of week", values: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
    }

    /// A bit for each value.
    private(set) var bits: UInt64 = 0
    /// Whether it begins with `*`, which crontab(5) asks when both fields of days are there.
    let isStar: Bool

    /// - Throws: ``ControlError/invalid(field:reason:)`` that names the field.
    init(_ text: Substring, _ kind: Kind) throws(ControlError) {
        isStar = text.hasPrefix("*")
        for item in text.split(separator: ",", omittingEmptySubsequences: false) { try add(item, kind) }
        // Sunday is one day.
        if kind.values.upperBound == 7, contains(7) { bits = bits & 0x7f | 1 }
    }

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    /// The first one at or after `value`; nil for none.
    func next(from value: Int) -> Int? {
        let rest = value > 63 ? 0 : bits >> UInt64(value)
        return rest == 0 ? nil : value + rest.trailingZeroBitCount
    }

    /// `*`, `5`, `1-5`, each of the ranges with `/step`.
    private mutating func add(_ item: Substring, _ kind: Kind) throws(ControlError) {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let range = try Self.range(parts[0], of: item, kind)
        var step = 1
        if parts.count == 2 {
            // What `5/15` means differs from one program to the next.
            guard parts[0] == "*" || parts[0].contains("-") else {
                throw kind.wrong("write '\(item)' as a range: '\(parts[0])-\(kind.values.upperBound)/\(parts[1])'")
            }
            guard let number = Self.number(parts[1]), (1...kind.values.count).contains(number) else {
                throw kind.wrong("the step of '\(item)' is not within 1 to \(kind.values.count)")
            }
            step = number
        }
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << UInt64(value) }
    }

    private static func range(
        _ text: Substring, of item: Substring, _ kind: Kind
    ) throws(ControlError) -> ClosedRange<Int> {
        // `*` has each day of the week once.
        if text == "*" { return kind.names.count == 7 ? 0...6 : kind.values }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0], of: item, kind)
        guard ends.count == 2 else { return first...first }
        var last = try value(ends[1], of: item, kind)
        // `fri-sun`: a week that ends with its Sunday.
        if kind.names.count == 7, last == 0, first > 0, Self.number(ends[1]) == nil { last = 7 }
        guard first <= last else { throw kind.wrong("the range '\(item)' ends before it begins") }
        return first...last
    }

    private static func value(_ text: Substring, of item: Substring, _ kind: Kind) throws(ControlError) -> Int {
        if let index = kind.names.firstIndex(of: text.lowercased()) { return kind.values.lowerBound + index }
        guard let number = number(text) else { throw kind.wrong("'\(item)' can't be read") }
        guard kind.values.contains(number) else {
            throw kind.wrong("'\(item)' is not within \(kind.values.lowerBound) to \(kind.values.upperBound)")
        }
        return number
    }

    /// Digits only: `Int` would take a sign too.
    private static func number(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

extension CronField.Kind {
    fileprivate func wrong(_ reason: String) -> ControlError { .invalid(field: "cron", reason: "\(name): \(reason)") }
}
