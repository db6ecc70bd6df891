import Foundation
import Testing

@testable import BackupDashboard

@Suite struct LanguageTests {
    @Test(arguments: [
        ("ru-RU,ru;q=0.9,en;q=0.8", Language.russian), ("en-US,en;q=0.9,ru;q=0.8", .english),
        ("de, ru;q=0.3", .russian),
        ("", .english), ("fr", .english), ("ru;q=0, en;q=0.1", .english), ("rus", .english), (";;;,,q=", .english),
    ]) func aBrowserGetsTheLanguageThatItWantsMost(_ header: String, _ language: Language) {
        #expect(Language.preferred(acceptLanguage: header) == language)
    }

    @Test(arguments: [
        (0, "0 копий"), (1, "1 копия"), (2, "2 копии"), (5, "5 копий"), (11, "11 копий"), (14, "14 копий"),
        (21, "21 копия"),
        (22, "22 копии"), (111, "111 копий"), (1001, "1001 копия"),
    ]) func russianCountsAsRussiansDo(_ count: Int, _ words: String) {
        #expect(Russian().backups(count) == words)
    }

    @Test(arguments: [
        ("15 3 * * *", "Every day at 03:15"), ("*/5 * * * *", "Every 5 minutes"), ("@hourly", "Every hour"),
        ("30 */6 * * *", "Every 6 hours, at minute 30"), ("0 2 * * mon-fri", "Mon, Tue, Wed, Thu, Fri at 02:00"),
        ("0 4 * * 0", "Sun at 04:00"), ("0 4 * * 7", "Sun at 04:00"), ("5 1 1 * *", "Day 1 of each month at 01:05"),
    ]) func aScheduleIsSaidInWords(_ cron: String, _ words: String) {
        #expect(CronWords(cron)?.text(English()) == words)
    }

    @Test(arguments: [
        "5,35 9-17 * jan *", "0 25 * * *", "61 1 * * *", "0 0 32 * *", "0 0 * * fri-mon", "", "* *", "0 0 1 * 1",
        "*/45 * * * *", "0 */5 * * *",
    ])
    func aScheduleOfAnotherShapeIsShownAsItIs(_ cron: String) { #expect(CronWords(cron) == nil) }

    @Test func sizesAndTimesHaveAUnit() {
        let english = Quantities(language: .english)
        #expect(english.bytes(999) == "999\u{A0}B")
        #expect(english.bytes(999_999) == "1.0\u{A0}MB")
        #expect(english.bytes(.max) == "18\u{202F}447\u{A0}PB")
        #expect(english.duration(3725) == "1\u{A0}h 2\u{A0}min")
        #expect(english.percent(0.99999) == "99.99\u{A0}%")
        #expect(Quantities(language: .russian).bytes(1_500_000) == "1,5\u{A0}МБ")
    }

    @Test func theUsualBandIsNotMovedByAFewWildValues() {
        let band = HistoryChart.band([100, 101, 99, 100, 102, 98, 100, 5000])
        #expect(band.contains(103) && !band.contains(5000) && !band.contains(50))
    }
}
