import BackupServer
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct RememberedTests {
    /// Counts how often it is read, and answers when it is told to.
    private final class Source: Sendable {
        let reads = Mutex(0)
        let isOpen = Mutex(false)

        func read() async throws -> Int {
            let number = reads.withLock { reads in
                reads += 1
                return reads
            }
            try await eventually("it may answer", within: .seconds(20)) { isOpen.withLock { $0 } }
            return number
        }
    }

    @Test func manyWhoAskAtOnceAreAnsweredByOneReading() async throws {
        let source = Source()
        let remembered = Remembered { try await source.read() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await remembered.value() } }
            try await eventually("it is read", within: .seconds(10)) { source.reads.withLock { $0 } == 1 }
            source.isOpen.withLock { $0 = true }
            for try await value in group { #expect(value == 1) }
        }
        #expect(source.reads.withLock { $0 } == 1)
    }

    @Test func whoGivesUpTakesNothingFromTheOthers() async throws {
        let source = Source()
        let remembered = Remembered { try await source.read() }
        let first = Task { try await remembered.value() }
        try await eventually("it is read", within: .seconds(10)) { source.reads.withLock { $0 } == 1 }
        async let second = remembered.value()
        first.cancel()
        source.isOpen.withLock { $0 = true }
        #expect(try await second == 1)
    }

    @Test func nothingIsKeptLongerThanItMay() async throws {
        let source = Source()
        source.isOpen.withLock { $0 = true }
        let remembered = Remembered(longest: .zero) { try await source.read() }
        for number in 1...3 { #expect(try await remembered.value() == number) }
    }

    @Test func afterAFailureItIsReadAgain() async throws {
        let attempts = Mutex(0)
        let remembered = Remembered {
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if attempt == 1 { throw TestFailure("away") }
            return attempt
        }
        await #expect(throws: TestFailure.self) { try await remembered.value() }
        #expect(try await remembered.value() == 2)
    }
}
