import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Synchronization
import Testing

@testable import BackupServer

/// Notes what it sends, or fails as it is told.
private final class FakeSender: NoticeSender {
    let failure = Mutex<DeliveryError?>(nil)
    private let kinds = Mutex<[String]>([])
    var sent: [String] { kinds.withLock { $0 } }

    func send(_ notice: Notice, to channel: ChannelRecord) throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        kinds.withLock { $0.append(notice.dedupKey) }
    }
}

@Suite struct DeliveryDeskTests {
    private func desk(_ fixture: LoopFixture, _ sender: any NoticeSender) -> DeliveryDesk {
        DeliveryDesk(store: fixture.database, sender: sender, replica: "one", logger: fixture.logger, now: fixture.now)
    }

    private func add(_ fixture: LoopFixture, _ key: String) async throws {
        try await fixture.database.addNotice(Notice(.runFailed, "t", [], at: fixture.now(), dedupKey: key))
    }

    @Test func allThatWaitsIsSentOnceByWhoeverLooks() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        try await fixture.addChannel()
        for number in 0..<18 { try await add(fixture, "\(number)") }
        let sender = FakeSender()
        let (one, two) = (desk(fixture, sender), desk(fixture, sender))
        async let first = one.pass()
        async let second = two.pass()
        _ = try await (first, second)
        #expect(Set(sender.sent).count == 18 && sender.sent.count == 18)
        for number in 18..<30 { try await add(fixture, "\(number)") }
        _ = try await one.pass()
        #expect(sender.sent.count == 20, "no more in a minute")
        fixture.pass(61)
        _ = try await one.pass()
        #expect(sender.sent.count == 30)
    }

    @Test func whatFailsIsTriedAgainAndGivenUpAfterADay() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        try await fixture.addChannel()
        try await add(fixture, "1")
        let sender = FakeSender()
        sender.failure.withLock { $0 = .unreachable(host: "h", reason: "no answer in time") }
        let desk = desk(fixture, sender)
        var attempts = 0
        while let wait = try await desk.pass() {
            attempts += 1
            guard attempts < 100 else { break }
            fixture.pass(wait.inSeconds)
        }
        #expect((20...40).contains(attempts))
        #expect(fixture.log.words.contains("a notice could not be sent, and is given up"))
        let channel = try await fixture.database.channel(.init("channel-1"))
        #expect(channel?.lastError == "h can't be reached: no answer in time [delivery.unreachable]")
        sender.failure.withLock { $0 = nil }
        _ = try await desk.pass()
        #expect(sender.sent.isEmpty)
    }

    @Test func theOtherSideSaysWhenItWantsMore() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        try await fixture.addChannel()
        try await add(fixture, "1")
        let sender = FakeSender()
        sender.failure.withLock { $0 = .throttled(host: "h", seconds: 600) }
        #expect(try await desk(fixture, sender).pass() == .seconds(600))
    }

    @Test func oldNewsAreNotTold() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        try await fixture.addChannel()
        try await add(fixture, "1")
        fixture.pass(86_401)
        let sender = FakeSender()
        #expect(try await desk(fixture, sender).pass() == nil)
        #expect(sender.sent.isEmpty)
    }
}
