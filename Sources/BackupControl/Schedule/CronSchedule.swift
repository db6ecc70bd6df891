package import FoundationEssentials

/// When something is due, as crontab(5) writes it: minute, hour, day of month, month, day of week, in UTC.
///
/// Lists, ranges, steps and names of three letters; `@hourly`, `@daily` and the like. When neither field of days begins with `*`, a day that
/// fits one of them is enough, as in Vixie cron. UTC has no summer time, so each slot comes once.
package struct CronSchedule: Sendable, Equatable {
    private static let macros = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    /// After 400 years the days of the week and of the months come again in the same order.
    private static let cycle = 146_097

    private let minute: CronField
    private let hour: CronField
    private let dayOfMonth: CronField
    private let month: CronField
    private let dayOfWeek: CronField

    /// - Throws: ``ControlError/invalid(field:reason:)`` that names the field; also for what is never due, such as February 30.
    package init(_ text: String) throws(ControlError) {
        let words = try Self.words(text)
        minute = try CronField(words[0], .minute)
        hour = try CronField(words[1], .hour)
        dayOfMonth = try CronField(words[2], .dayOfMonth)
        month = try CronField(words[3], .month)
        dayOfWeek = try CronField(words[4], .dayOfWeek)
        guard next(after: Date(timeIntervalSince1970: 0)) != nil else {
            throw .invalid(field: "cron", reason: "day of month: no such day is in that month, so it is never due")
        }
    }

    private static func words(_ text: String) throws(ControlError) -> [Substring] {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        if let macro = words.first, words.count == 1, macro.hasPrefix("@") {
            guard let fields = macros[macro.lowercased()] else {
                let known = macros.keys.sorted().joined(separator: ", ")
                throw .invalid(field: "cron", reason: "'\(macro)' is none of \(known)")
            }
            return fields.split(separator: " ")
        }
        guard words.count == 5 else {
            throw .invalid(
                field: "cron",
                reason: "it has \(words.count) fields, not five: minute, hour, day of month, month, day of week")
        }
        return words
    }

    /// The first slot after `time`, which is a whole minute; nil only behind the year 9999. Looks at no more days than 400 years have.
    package func next(after time: Date) -> Date? {
        guard let seconds = time.wholeSeconds else { return nil }
        let first = seconds.flooredQuotient(60) + 1
        let firstDay = first.flooredQuotient(1440)
        let minuteOfDay = first.flooredRemainder(1440)
        if fits(CivilDate(dayNumber: firstDay)), let slot = slot(from: minuteOfDay) {
            return Self.date(day: firstDay, minute: slot)
        }
        guard let day = day(from: firstDay + 1), let slot = slot(from: 0) else { return nil }
        return Self.date(day: day, minute: slot)
    }

    /// The first minute of a day at or after `minuteOfDay`.
    private func slot(from minuteOfDay: Int) -> Int? {
        let (hourNow, minuteNow) = (minuteOfDay / 60, minuteOfDay % 60)
        if hour.contains(hourNow), let minute = minute.next(from: minuteNow) { return hourNow * 60 + minute }
        guard let hour = hour.next(from: hourNow + 1), let minute = minute.next(from: 0) else { return nil }
        return hour * 60 + minute
    }

    private func day(from first: Int) -> Int? {
        var day = first
        while day <= first + Self.cycle {
            let date = CivilDate(dayNumber: day)
            guard month.contains(date.month) else {
                day += date.daysInMonth - date.day + 1
                continue
            }
            if fits(date) { return day }
            day += 1
        }
        return nil
    }

    private func fits(_ date: CivilDate) -> Bool {
        guard month.contains(date.month) else { return false }
        let isDay = dayOfMonth.contains(date.day)
        let isWeekday = dayOfWeek.contains(date.weekday)
        return dayOfMonth.isStar || dayOfWeek.isStar ? isDay && isWeekday : isDay || isWeekday
    }

    private static func date(day: Int, minute: Int) -> Date? {
        let date = Date(timeIntervalSince1970: Double(day * 86_400 + minute * 60))
        return date.wholeSeconds == nil ? nil : date
    }
}
