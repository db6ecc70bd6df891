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

    private static func minutes(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([0-9]{2}):([0-9]{2})/), let hours = Int(match.1), hours < 24,
            let minutes = Int(match.2), minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    private static func text(_ minutes: Int) -> String {
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(pad(minutes / 60)):\(pad(minutes % 60))"
    }
}
