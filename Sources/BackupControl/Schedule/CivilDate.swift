internal import FoundationEssentials

/// A day of the Gregorian calendar, in UTC, by arithmetic alone: no time zone and no calendar of the system has a say in it.
///
/// Days are counted from 1970-01-01. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDate: Sendable, Hashable {
    let year: Int
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(dayNumber: Int) {
        let shifted = dayNumber + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        // A year that begins in March has its leap day at its end.
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var dayNumber: Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.flooredQuotient(400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 0 for Sunday.
    var weekday: Int { (dayNumber + 4).flooredRemainder(7) }

    var daysInMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The year and number of its week in ISO 8601: weeks begin on Monday, and the first is the one with January 4.
    var isoWeek: (year: Int, week: Int) {
        let thursday = CivilDate(dayNumber: dayNumber - (weekday + 6) % 7 + 3)
        let first = CivilDate(year: thursday.year, month: 1, day: 1)
        return (thursday.year, (thursday.dayNumber - first.dayNumber) / 7 + 1)
    }
}

extension Int {
    /// Rounded towards negative infinity.
    func flooredQuotient(_ divisor: Int) -> Int { (self - flooredRemainder(divisor)) / divisor }
    func flooredRemainder(_ divisor: Int) -> Int { (self % divisor + divisor) % divisor }
}

extension Date {
    /// Whole seconds since 1970, rounded down; nil outside of the years 1 to 9999.
    var wholeSeconds: Int? {
        let seconds = timeIntervalSince1970.rounded(.down)
        return (-62_135_596_800...253_402_300_799).contains(seconds) ? Int(seconds) : nil
    }
}
