package import FoundationEssentials

/// When a notice that could not be sent is tried again: after 1, 2, 4 … 60 minutes, for a day.
package enum DeliveryBackoff {
    private static let longest = 3600.0
    private static let giveUpAfter = 86_400.0

    /// - Parameters:
    ///   - attempts: how many there were.
    ///   - wait: what the other side asked for; nil for nothing.
    /// - Returns: nil where it is given up.
    package static func next(attempts: Int, madeAt: Date, wait: Duration? = nil, now: Date) -> Date? {
        let usual = min(longest, 60 * Double(1 << min(max(attempts - 1, 0), 10)))
        let next = now.addingTimeInterval(max(usual, min(wait?.inSeconds ?? 0, longest)))
        return next < madeAt.addingTimeInterval(giveUpAfter) ? next : nil
    }
}
