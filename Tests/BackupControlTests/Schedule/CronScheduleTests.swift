import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct CronScheduleTests {
    private func slots(_ text: String, after start: String, _ count: Int = 3) throws -> [String] {
        var time = try #require(UTCTime(rfc3339: start)).date
        let schedule = try CronSchedule(text)
        var slots: [String] = []
        for _ in 0..<count {
            time = try #require(schedule.next(after: time))
            slots.append(String(UTCTime(time).rfc3339.dropLast(4)))
        }
        return slots
    }

    @Test func slotsAreWhatCrontabSays() throws {
        #expect(
            try slots("30 3 * * *", after: "2026-01-31T03:30:00Z") == [
                "2026-02-01T03:30", "2026-02-02T03:30", "2026-02-03T03:30",
            ])
        #expect(
            try slots("@hourly", after: "2025-12-31T22:30:59Z") == [
                "2025-12-31T23:00", "2026-01-01T00:00", "2026-01-01T01:00",
            ])
        #expect(
            try slots("*/25 8-10/2 * * *", after: "2026-03-01T08:25:00Z") == [
                "2026-03-01T08:50", "2026-03-01T10:00", "2026-03-01T10:25",
            ])
        #expect(
            try slots("0 0 * * FRI-sun", after: "2026-01-01T00:00:00Z") == [
                "2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00",
            ])
        #expect(
            try slots("0 0 * jan,Jul 7", after: "2026-01-20T00:00:00Z") == [
                "2026-01-25T00:00", "2026-07-05T00:00", "2026-07-12T00:00",
            ])
    }

    /// A day that fits one of the two fields is enough, unless one of them begins with `*`.
    @Test func daysOfMonthAndWeek() throws {
        #expect(
            try slots("0 0 13 * 5", after: "2026-03-01T00:00:00Z") == [
                "2026-03-06T00:00", "2026-03-13T00:00", "2026-03-20T00:00",
            ])
        #expect(
            try slots("0 0 */2 * 5", after: "2026-03-01T00:00:00Z") == [
                "2026-03-13T00:00", "2026-03-27T00:00", "2026-04-03T00:00",
            ])
        #expect(
            try slots("0 0 * * 0", after: "2026-03-01T00:00:00Z") == slots("@weekly", after: "2026-03-01T00:00:00Z"))
    }

    @Test func leapDaysComeWhenTheyAreThere() throws {
        #expect(
            try slots("0 12 29 2 *", after: "2095-01-01T00:00:00Z") == [
                "2096-02-29T12:00", "2104-02-29T12:00", "2108-02-29T12:00",
            ])
        // A leap day that is a Sunday, over a century that has none.
        #expect(
            try slots("0 12 29 2 */7", after: "2088-01-01T00:00:00Z", 2) == ["2088-02-29T12:00", "2128-02-29T12:00"])
        #expect(try CronSchedule("@yearly").next(after: Date(timeIntervalSince1970: .infinity)) == nil)
        #expect(try CronSchedule("@yearly").next(after: Date(timeIntervalSince1970: .nan)) == nil)
    }

    @Test(arguments: [
        ("", "it has 0 fields"), ("* * * *", "it has 4 fields"), ("* * * * * *", "it has 6 fields"),
        ("@reboot", "'@reboot' is none of @annually, @daily"), ("60 * * * *", "minute: '60' is not within 0 to 59"),
        ("* 24 * * *", "hour: '24' is not within 0 to 23"), ("* * 0 * *", "day of month: '0' is not within 1 to 31"),
        ("* * * 13 *", "month: '13' is not within 1 to 12"), ("* * * * 8", "day of week: '8' is not within 0 to 7"),
        ("1,,2 * * * *", "minute: '' can't be read"), ("+1 * * * *", "minute: '+1' can't be read"),
        ("-1 * * * *", "minute: '-1' can't be read"), ("* 5-1 * * *", "hour: the range '5-1' ends before it begins"),
        ("*/0 * * * *", "minute: the step of '*/0' is not within 1 to 60"),
        ("*/61 * * * *", "minute: the step of '*/61' is not within 1 to 60"),
        ("*/ * * * *", "minute: the step of '*/'"), ("5/15 * * * *", "minute: write '5/15' as a range: '5-59/15'"),
        ("* * * * mond", "day of week: 'mond' can't be read"), ("* * * mon *", "month: 'mon' can't be read"),
        ("٣ * * * *", "minute: '٣' can't be read"), ("99999999999999999999 * * * *", "minute: "),
        ("0 0 31 2 *", "day of month: no such day"), ("0 0 31 4,6,9,11 *", "day of month: no such day"),
        ("1-2-3 * * * *", "minute: '1-2-3' can't be read"), ("1/2/3 * * * *", "minute: write"),
    ])
    func whatIsWrongIsNamed(_ text: String, _ reason: String) {
        #expect {
            try CronSchedule(text)
        } throws: { error in
            guard case ControlError.invalid(field: "cron", let said) = error else { return false }
            return said.hasPrefix(reason)
        }
    }

    /// Some hundred schedules at random moments of 130 years, next to what another program says of them.
    @Test func anotherReaderAgrees() throws {
        var random = SeededRandom(UInt64.random(in: 0..<1_000_000))
        let table = (0..<400).map { _ in (text: RandomCron.text(&random), start: RandomCron.start(&random)) }
        let outcome = try TestProcess.run(
            TestTools.path("python3"), ["-c", Self.reader],
            input: table.map { "\($0.start)|\($0.text)" }.joined(separator: "\n"))
        try #require(outcome.status == 0, "\(outcome.errors)")
        let answers = outcome.output.split(separator: "\n")
        try #require(answers.count == table.count)
        for (row, answer) in zip(table, answers) {
            var slots: [String] = []
            var time = Date(timeIntervalSince1970: Double(row.start))
            let schedule = try CronSchedule(row.text)
            for _ in 0..<4 {
                guard let next = schedule.next(after: time) else { break }
                slots.append("\(Int(next.timeIntervalSince1970))")
                time = next
            }
            #expect(slots.joined(separator: " ") == answer, "\(row.text) after \(row.start)")
        }
    }

    private static let reader = """
        import sys, datetime
        from croniter import croniter
        for line in sys.stdin.read().split("\\n"):
            start, text = line.split("|")
            begin = datetime.datetime.fromtimestamp(int(start), datetime.timezone.utc)
            found = croniter(text, begin, implement_cron_bug=True, max_years_between_matches=500)
            print(" ".join(str(int(found.get_next(float))) for _ in range(4)))
        """
}

/// Schedules that are due at some time, of all that crontab(5) allows.
private enum RandomCron {
    static func start(_ random: inout SeededRandom) -> Int { Int.random(in: 0..<4_102_444_800, using: &random) }

    static func text(_ random: inout SeededRandom) -> String {
        let fields = [
            field(0...59, [], &random), field(0...23, [], &random),
            // To the 28th: no month is without one.
            field(1...28, [], &random),
            field(
                1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], &random),
            // All days but one: a list of all of them is `*` to croniter, and to cron it is not.
            Bool.random(using: &random)
                ? field(0...5, ["sun", "mon", "tue", "wed", "thu", "fri"], &random)
                : field(1...6, ["mon", "tue", "wed", "thu", "fri", "sat"], &random),
        ]
        let macros = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"]
        return Int.random(in: 0..<40, using: &random) == 0
            ? macros[Int.random(in: 0..<macros.count, using: &random)] : fields.joined(separator: " ")
    }

    private static func field(_ values: ClosedRange<Int>, _ names: [String], _ random: inout SeededRandom) -> String {
        if Int.random(in: 0..<3, using: &random) == 0 { return "*" }
        let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in item(values, names, &random) }
        let star = "*/\(Int.random(in: 1...max(1, values.count / 2), using: &random))"
        return (Int.random(in: 0..<4, using: &random) == 0 ? [star] + items.dropFirst() : items).joined(separator: ",")
    }

    private static func item(_ values: ClosedRange<Int>, _ names: [String], _ random: inout SeededRandom) -> String {
        func word(_ value: Int) -> String {
            names.isEmpty || Bool.random(using: &random) ? "\(value)" : names[value - values.lowerBound]
        }
        let first = Int.random(in: values, using: &random)
        let last = Int.random(in: first...values.upperBound, using: &random)
        let step = Int.random(in: 1...max(1, values.count / 2), using: &random)
        // A range of one value is to croniter all of them.
        guard first < last else { return word(first) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "\(word(first))-\(word(last))/\(step)"
        case 1: return "\(word(first))-\(word(last))"
        default: return word(first)
        }
    }
}
