/// Numbers as people read them.
enum Quantity {
    /// `812 B`, `1.5 KB`, `456.1 MB`: powers of 1,000, as disks and bills have them.
    static func bytes(_ count: UInt64) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count)
        var unit = "B"
        for next in ["KB", "MB", "GB", "TB", "PB"] where value >= 999.95 {
            value /= 1000
            unit = next
        }
        return "\(decimal(value)) \(unit)"
    }

    static func rate(_ bytes: UInt64, in duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        return seconds > 0 ? self.bytes(UInt64(Double(bytes) / seconds)) + "/s" : "–"
    }

    /// `0.8 s`, `42.0 s`, `3:07 min`, `2:03:07 h`.
    static func duration(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        let whole = Int(seconds)
        if whole < 60 { return "\(decimal(seconds)) s" }
        let pair = "\(padded(whole / 60 % 60)):\(padded(whole % 60))"
        return whole < 3600 ? "\(whole / 60):\(padded(whole % 60)) min" : "\(whole / 3600):\(pair) h"
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
