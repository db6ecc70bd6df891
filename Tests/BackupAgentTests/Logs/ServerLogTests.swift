@testable import BackupAgent
import BackupTestSupport
import BackupWire
import Foundation
import Logging
import Synchronization
import Testing

@Suite struct ServerLogTests {
    /// A server that can be out of reach.
    private final class FakeServer: Sendable {
        struct State {
            var isReachable = true
            var batches: [[String]] = []
            var dropped: [UInt64] = []
            var events: [BackupWire.LogEvent] = []
        }

        let state = Mutex(State())

        func send(_ events: [BackupWire.LogEvent], _ dropped: UInt64) -> Bool {
            state.withLock { state in
                guard state.isReachable else { return false }
                state.batches.append(events.map(\.message))
                state.dropped.append(dropped)
                state.events += events
                return true
            }
        }

        var messages: [String] { state.withLock { $0.batches }.flatMap { $0 } }
        var dropped: [UInt64] { state.withLock { $0.dropped } }
        func setReachable(_ isReachable: Bool) { state.withLock { $0.isReachable = isReachable } }
    }

    private func record(_ number: Int, fields: [String: String] = [:]) -> LogRecord {
        LogRecord(time: Date(timeIntervalSince1970: 1.5), level: .warning, message: "\(number)", fields: fields)
    }

    private func limits(_ change: (inout ServerLog.Limits) -> Void) -> ServerLog.Limits {
        var limits = ServerLog.Limits()
        limits.batchTime = .milliseconds(1)
        change(&limits)
        return limits
    }

    @Test func eventsComeInBatchesInOrder() async {
        let server = FakeServer()
        let log = ServerLog(buffer: FakeLogBuffer(limit: 10), limits: limits { $0.batch = 2 })
        log.record(record(1, fields: ["job_id": "j", "x": "y"]))
        for number in 2...5 { log.record(record(number)) }
        log.record(LogRecord(time: Date(), level: .debug, message: "too small"))
        await log.flush { server.send($0, $1) }
        #expect(
            server.state.withLock { $0.batches } == [["1", "2"], ["3", "4"], ["5"]] && server.dropped == [0, 0, 0])
        let first = server.state.withLock { $0.events[0] }
        #expect(
            first.timeMilliseconds == 1500 && first.level == .warn && first.jobID == "j" && first.fields == ["x": "y"])
    }

    @Test func aFloodIsThinnedAndCounted() async {
        let server = FakeServer()
        let time = Mutex(ContinuousClock.now)
        let log = ServerLog(buffer: FakeLogBuffer(limit: 10), now: { time.withLock { $0 } })
        for number in 0..<1000 { log.record(record(number)) }
        await log.flush { server.send($0, $1) }
        #expect(server.messages.count == 100 && server.dropped == [900])
        time.withLock { $0 += .seconds(2) }
        for number in 0..<1000 { log.record(record(number)) }
        await log.flush { server.send($0, $1) }
        #expect(server.messages.count == 140 && server.dropped == [900, 960])
    }

    @Test func whatCanNotBeSentWaitsAndTheOldestIsDroppedAndCounted() async throws {
        let server = FakeServer()
        let buffer = FakeLogBuffer(limit: 3)
        let log = ServerLog(buffer: buffer, limits: limits { $0.batch = 2 })
        server.setReachable(false)
        for number in 1...5 { log.record(record(number)) }
        await log.flush { server.send($0, $1) }
        #expect(buffer.messages == ["3", "4", "5"])
        log.record(record(6))
        await log.flush { server.send($0, $1) }
        #expect(buffer.messages == ["4", "5", "6"])
        server.setReachable(true)
        log.record(record(7))
        await log.flush { server.send($0, $1) }
        #expect(server.state.withLock { $0.batches } == [["4", "5"], ["6"], ["7"]] && server.dropped == [3, 0, 0])
        #expect(buffer.messages == [])
    }

    @Test func aBufferThatFailsCostsEventsAndNothingElse() async {
        let server = FakeServer()
        let buffer = FakeLogBuffer(limit: 3)
        buffer.isBroken = true
        let log = ServerLog(buffer: buffer)
        log.record(record(1))
        server.setReachable(false)
        await log.flush { server.send($0, $1) }
        server.setReachable(true)
        log.record(record(2))
        await log.flush { server.send($0, $1) }
        #expect(server.messages == ["2"] && server.dropped == [1])
    }

    @Test func itSendsByItselfAndKeepsWhatIsLeftAtTheEnd() async throws {
        let server = FakeServer()
        let buffer = FakeLogBuffer(limit: 10)
        let log = ServerLog(buffer: buffer, limits: limits { _ in })
        let task = Task { await log.run { server.send($0, $1) } }
        log.record(record(1))
        try await eventually("the event is there") { server.messages == ["1"] }
        server.setReachable(false)
        log.record(record(2))
        try await eventually("the event waits") { buffer.messages == ["2"] }
        server.setReachable(true)
        log.wake()
        try await eventually("the event is there") { server.messages == ["1", "2"] && buffer.messages == [] }
        task.cancel()
        log.record(record(3))
        await task.value
        #expect(server.messages + buffer.messages == ["1", "2", "3"])
    }
}
