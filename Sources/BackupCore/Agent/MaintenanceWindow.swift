/// A time of every day, in UTC, in which no backup begins.
package struct MaintenanceWindow: Sendable, Equatable {
    /// Minutes since midnight, UTC.
    package let start: Int
    package let end: Int

    /// - Returns: nil for what are not two times like `02:00`, or for the same one twice, which is no window.
    package init?(start: String, end: String) {
        guard let start = Self.minutes(start), let end = Self.minutes(end), start != end else { return nil }
        self.start = start
        self.end = end
    }

    /// - Parameter minute: since midnight, UTC. The window may go over midnight; its end is outside of it.
    package func contains(minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    package var startText: String { Self.text(start) }
    package var endText: String { Self.text(end) }

    /// By hand: a store that reads a thousand agents reads this twice for each, and a regular expression is compiled each time.
    private static func minutes(_ text: String) -> Int? {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 5, text.utf8.dropFirst(2).first == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (0...9).contains(digits[$0]) })
        else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
        return hours < 24 && minutes < 60 ? hours * 60 + minutes : nil
    }

    private static func text(_ minutes: Int) -> String {
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(pad(minutes / 60)):\(pad(minutes % 60))"
    }
}
