internal import FoundationEssentials

/// A year of runs: a column a week, a cell a day, Monday at the top.
struct RunCalendar {
    private static let pitch = 14
    private static let cell = 11
    private static let left = 30
    private static let top = 20
    private static let weeks = 53

    let days: [CalendarDay]
    let context: PageContext

    func html() -> HTML {
        let t = context.phrases
        let today = Moment(context.now)
        // The last column is this week.
        let first = today.dayNumber - today.weekday - (Self.weeks - 1) * 7
        let known = Dictionary(days.map { (Moment($0.date).dayNumber, $0) }) { first, _ in first }
        let cells = (first...max(first, today.dayNumber)).html { cell($0, column: ($0 - first) / 7, known[$0]) }
        let width = Self.left + Self.weeks * Self.pitch
        return """
            <div class="scroll-end" tabindex="0" role="group" aria-label="\(t.calendarOfRuns)"><div>
            <svg class="calendar" width="\(width)" height="\(Self.top + 7 * Self.pitch)" viewBox="0 0 \(width) \(Self.top + 7 * Self.pitch)" role="img" aria-label="\(summary)">
            \(months(from: first, through: today.dayNumber))\(weekdays)
            \(cells)
            </svg></div></div>
            <p class="legend" aria-hidden="true">\(key("good", t.allProven))\(key("warning", t.someFailed))\(key("bad", t.noneProven))\(key("", t.noRuns))</p>
            """
    }

    private func key(_ tone: HTML, _ words: String) -> HTML {
        "<span><span class=\"key \(tone)\"></span>\(words)</span>"
    }

    private var summary: String {
        context.phrases.calendarSummary(
            days: days.count { $0.succeeded > 0 && $0.failed + $0.missed == 0 },
            bad: days.count { $0.failed + $0.missed > 0 })
    }

    private func cell(_ number: Int, column: Int, _ day: CalendarDay?) -> HTML {
        let date = Moment(Date(timeIntervalSince1970: Double(number) * 86400))
        let x = Self.left + column * Self.pitch
        let y = Self.top + date.weekday * Self.pitch
        let t = context.phrases
        let words = day.map { t.dayOfRuns(succeeded: $0.succeeded, failed: $0.failed, missed: $0.missed) } ?? t.noRuns
        return """
            <rect class="\(tone(day))" x="\(x)" y="\(y)" width="\(Self.cell)" height="\(Self.cell)" rx="2"><title>\(date.day): \(words)</title></rect>
            """
    }

    private func tone(_ day: CalendarDay?) -> HTML {
        guard let day, day.succeeded + day.failed + day.missed > 0 else { return "none" }
        if day.failed + day.missed == 0 { return "good" }
        return day.succeeded > 0 ? "warning" : "bad"
    }

    private var weekdays: HTML {
        [0, 2, 4].html { row in
            "<text x=\"0\" y=\"\(Self.top + row * Self.pitch + 9)\">\(context.phrases.weekdayShort(row))</text>"
        }
    }

    /// A name over the first whole week of each month.
    private func months(from first: Int, through last: Int) -> HTML {
        var names = HTML()
        for column in 0..<Self.weeks {
            let monday = Moment(Date(timeIntervalSince1970: Double(first + column * 7) * 86400))
            guard monday.dayOfMonth <= 7, column < Self.weeks - 1 else { continue }
            names =
                names
                + "<text x=\"\(Self.left + column * Self.pitch)\" y=\"12\">\(context.phrases.monthShort(monday.month))</text>"
        }
        return names
    }
}
