internal import FoundationEssentials

/// Numbers as people read them, in one language.
struct Quantities: Sendable {
    let language: Language

    /// `4.2 GB`: decimal units, as stores bill them; three digits at most.
    func bytes(_ count: UInt64) -> String {
        let units = language == .russian ? ["Б", "КБ", "МБ", "ГБ", "ТБ", "ПБ"] : ["B", "kB", "MB", "GB", "TB", "PB"]
        var value = Double(count)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return decimal(value, places: unit == 0 || value >= 99.95 ? 0 : 1) + "\u{A0}" + units[unit]
    }

    /// `95 ms`, `12 s`, `4 min 05 s`, `2 h 10 min`, `3 d 4 h`.
    func duration(_ seconds: Double) -> String {
        let (s, m, h, d) = language == .russian ? ("с", "мин", "ч", "д") : ("s", "min", "h", "d")
        let seconds = max(0, seconds)
        if seconds < 1 { return "\(Int(seconds * 1000))\u{A0}\(language == .russian ? "мс" : "ms")" }
        let whole = Int(min(seconds, 1e9))
        switch whole {
        case ..<60: return "\(whole)\u{A0}\(s)"
        case ..<3600: return "\(whole / 60)\u{A0}\(m)" + (whole % 60 == 0 ? "" : " \(whole % 60)\u{A0}\(s)")
        case ..<86400:
            return "\(whole / 3600)\u{A0}\(h)" + (whole / 60 % 60 == 0 ? "" : " \(whole / 60 % 60)\u{A0}\(m)")
        default: return "\(whole / 86400)\u{A0}\(d)" + (whole / 3600 % 24 == 0 ? "" : " \(whole / 3600 % 24)\u{A0}\(h)")
        }
    }

    /// `99.95 %`, of a share from 0 to 1. Never 100 while something failed.
    func percent(_ share: Double) -> String {
        let percent = share >= 1 ? 100 : min(99.99, max(0, share) * 100)
        return decimal(percent, places: percent == percent.rounded() ? 0 : 2) + "\u{A0}%"
    }

    func decimal(_ value: Double, places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((min(value, 1e15) * Double(scale)).rounded())
        guard places > 0 else { return grouped(scaled) }
        let fraction = String(scaled % scale)
        let point = language == .russian ? "," : "."
        return grouped(scaled / scale) + point + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// Thousands apart: `12 345`.
    func grouped(_ number: Int) -> String {
        let digits = String(number)
        guard digits.count > 4 else { return digits }
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits[digits.startIndex] != "-" || index > 1 {
                grouped += "\u{202F}"
            }
            grouped.append(digit)
        }
        return grouped
    }
}

/// A day and a time in UTC, cut from their one form: pages show all times in UTC, as schedules are.
struct Moment: Sendable {
    let date: Date
    /// `2026-01-31T23:59:59Z`
    let iso: String

    init(_ date: Date) {
        self.date = date
        iso = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)).formatted(.iso8601)
    }

    /// `2026-01-31`
    var day: String { String(iso.prefix(10)) }
    /// `23:59`
    var time: String { String(iso.dropFirst(11).prefix(5)) }
    /// `23:59:59`
    var fullTime: String { String(iso.dropFirst(11).prefix(8)) }
    var month: Int { Int(iso.dropFirst(5).prefix(2)) ?? 1 }
    var dayOfMonth: Int { Int(iso.dropFirst(8).prefix(2)) ?? 1 }
    /// 0 is Monday. 1970-01-01 was a Thursday.
    var weekday: Int { ((dayNumber + 3) % 7 + 7) % 7 }
    /// Days since 1970-01-01.
    var dayNumber: Int { Int((date.timeIntervalSince1970 / 86400).rounded(.down)) }
}
