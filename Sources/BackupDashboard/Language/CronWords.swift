/// The common shapes of a schedule, so that it can be said in words. What has another shape is shown as it is written.
enum CronWords: Equatable {
    /// A step begins anew with each hour: only one that divides it is the same time apart.
    case everyMinutes(Int)
    case hourly(minute: Int)
    case everyHours(Int, minute: Int)
    case daily(time: String)
    /// 0 is Monday.
    case weekly(days: [Int], time: String)
    case monthly(day: Int, time: String)

    init?(_ cron: String) {
        switch cron {
        case "@hourly": self = .hourly(minute: 0)
        case "@daily", "@midnight": self = .daily(time: "00:00")
        case "@weekly": self = .weekly(days: [6], time: "00:00")
        case "@monthly": self = .monthly(day: 1, time: "00:00")
        default:
            let fields = cron.split(separator: " ").map(String.init)
            guard fields.count == 5, fields[3] == "*" else { return nil }
            self.init(minute: fields[0], hour: fields[1], day: fields[2], weekday: fields[4])
        }
    }

    private init?(minute: String, hour: String, day: String, weekday: String) {
        let isEveryDay = day == "*" && weekday == "*"
        if isEveryDay, hour == "*", minute == "*" {
            self = .everyMinutes(1)
        } else if isEveryDay, hour == "*", minute.hasPrefix("*/"), let step = Int(minute.dropFirst(2)), step > 0,
            60 % step == 0
        {
            self = .everyMinutes(step)
        } else if isEveryDay, hour == "*", let minute = Int(minute) {
            self = .hourly(minute: minute)
        } else if isEveryDay, hour.hasPrefix("*/"), let step = Int(hour.dropFirst(2)), step > 0, 24 % step == 0,
            let minute = Int(minute)
        {
            self = .everyHours(step, minute: minute)
        } else if let minute = Int(minute), let hour = Int(hour), (0..<60).contains(minute), (0..<24).contains(hour) {
            let time = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
            if isEveryDay {
                self = .daily(time: time)
            } else if day == "*", let days = Self.weekdays(weekday) {
                self = .weekly(days: days, time: time)
            } else if weekday == "*", let day = Int(day), (1...31).contains(day) {
                self = .monthly(day: day, time: time)
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    func text(_ t: any Phrases) -> String {
        switch self {
        case .everyMinutes(let step): t.everyMinutes(step)
        case .hourly(let minute): t.everyHour(minute: minute)
        case .everyHours(let step, let minute): t.everyHours(step, minute: minute)
        case .daily(let time): t.everyDay(time)
        case .weekly(let days, let time): t.everyWeek(days.map(t.weekdayShort).joined(separator: ", "), time)
        case .monthly(let day, let time): t.everyMonth(day, time)
        }
    }

    /// Numbers, names and ranges of both, as cron has them: 0 and 7 are Sunday. nil for anything else.
    private static func weekdays(_ field: String) -> [Int]? {
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        let number = { (text: Substring) -> Int? in
            let day = names.firstIndex(of: text.lowercased()) ?? Int(text)
            return day.flatMap { (0...7).contains($0) ? $0 : nil }
        }
        var days: Set<Int> = []
        for part in field.split(separator: ",") {
            let ends = part.split(separator: "-", maxSplits: 1)
            guard let first = ends.first.flatMap(number), let last = ends.last.flatMap(number), first <= last else {
                return nil
            }
            for day in first...last { days.insert((day + 6) % 7) }
        }
        return days.isEmpty ? nil : days.sorted()
    }
}
