internal import BackupCore
internal import BackupWire
internal import Testing

@testable import BackupAgent

/// Which runs may begin, by the table.
struct RunBookTests {
    @Test func runsBeginInTheOrderInWhichTheyCame() {
        var book = RunBook()
        for name in ["a", "b", "c"] { book.add(run(name)) }
        #expect(begun(&book, parallel: 2) == ["a", "b"])
        #expect(begun(&book, parallel: 2).isEmpty)
        book.end("a")
        #expect(begun(&book, parallel: 2) == ["c"])
    }

    @Test func aJobNeverMeetsItself() {
        var book = RunBook()
        for name in ["a1", "a2", "b1"] { book.add(run(name, job: String(name.prefix(1)))) }
        #expect(begun(&book, parallel: 8) == ["a1", "b1"])
        book.end("a1")
        #expect(begun(&book, parallel: 8) == ["a2"])
    }

    @Test func theSameRunTwiceIsOne() {
        var book = RunBook(ended: ["old"])
        #expect(book.acceptance(of: "old") == .known)
        #expect(book.acceptance(of: "a") == .new)
        book.add(run("a"))
        #expect(book.acceptance(of: "a") == .known)
        book.end("a")
        #expect(book.acceptance(of: "a") == .known)
    }

    @Test func theQueueHasAnEnd() {
        var book = RunBook()
        for number in 0..<RunBook.largestQueue { book.add(run("\(number)")) }
        #expect(book.acceptance(of: "one more") == .full)
        book.end("0")
        #expect(book.acceptance(of: "one more") == .new)
    }

    @Test func idsOfRunsThatEndedAreForgottenInTheEnd() {
        var book = RunBook()
        for number in 0...RunBook.remembered { book.end("\(number)") }
        #expect(book.acceptance(of: "0") == .new)
        #expect(book.acceptance(of: "1") == .known)
    }

    @Test func anAttemptWaitsForItsTime() {
        var book = RunBook()
        book.add(run("a"))
        #expect(book.begin(at: .zero, minute: 0, under: AgentConfiguration()).map(\.attempt) == [1])
        book.again("a", notBefore: .seconds(10))
        #expect(book.nextAttempt(after: .seconds(1)) == .seconds(10))
        #expect(
            book.nextAttempt(after: .seconds(10)) == nil, "what is due and can't begin is not waited for by the clock")
        #expect(book.begin(at: .seconds(9), minute: 0, under: AgentConfiguration()).isEmpty)
        #expect(book.begin(at: .seconds(10), minute: 0, under: AgentConfiguration()).map(\.attempt) == [2])
    }

    @Test(arguments: [
        ("02:00", "04:00", 119, true), ("02:00", "04:00", 120, false), ("02:00", "04:00", 239, false),
        ("02:00", "04:00", 240, true), ("23:00", "01:00", 1439, false), ("23:00", "01:00", 0, false),
        ("23:00", "01:00", 60, true),
    ])
    func maintenancePausesWhatNobodyAskedFor(start: String, end: String, minute: Int, begins: Bool) {
        var configuration = AgentConfiguration()
        configuration.maintenance = MaintenanceWindow(start: start, end: end)
        configuration.maxParallelJobs = 8
        var book = RunBook()
        book.add(run("scheduled", job: "1"))
        var manual = run("manual", job: "2")
        manual.isManual = true
        book.add(manual)
        let started = book.begin(at: .zero, minute: minute, under: configuration).map(\.run.runID)
        #expect(started == (begins ? ["scheduled", "manual"] : ["manual"]))
    }

    private func run(_ id: String, job: String? = nil) -> RunBackup {
        var run = RunBackup()
        run.runID = id
        run.jobID = job ?? id
        return run
    }

    private func begun(_ book: inout RunBook, parallel: Int) -> [String] {
        var configuration = AgentConfiguration()
        configuration.maxParallelJobs = parallel
        return book.begin(at: .zero, minute: 0, under: configuration).map(\.run.runID)
    }
}
