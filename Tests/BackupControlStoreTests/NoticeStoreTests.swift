import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Testing

/// Channels, and the outbox, on both databases.
@Suite struct NoticeStoreTests {
    private let start = Sample().start

    private func channel(_ sample: inout Sample, _ name: String, muted: Set<Notice.Kind> = []) -> ChannelRecord {
        ChannelRecord(
            id: sample.id(), name: name, place: .webhook(url: "https://h.test/\(name)"), sealedSecret: [1, 2],
            muted: muted, createdAt: start)
    }

    private func notice(_ key: String, _ kind: Notice.Kind = .runFailed) -> Notice {
        Notice(kind, "a title", ["a line"], at: start, ids: ["run_id": "x"], dedupKey: key)
    }

    private func claim(
        _ database: ControlDatabase, _ replica: String = "one", at seconds: Double = 0, perMinute: Int = 100
    )
        async throws -> [Delivery]
    {
        let time = start.addingTimeInterval(seconds)
        return try await database.claimDeliveries(
            replica: replica, until: time.addingTimeInterval(60), at: time, limit: 100, perMinute: perMinute)
    }

    @Test(arguments: DatabaseKind.allCases)
    func channelsComeBackAsTheyWere(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let mail = ChannelRecord.Email(
            host: "mail.test", port: 465, security: .tls, username: "u", from: "a@b", to: ["c@d", "e@f"],
            caCertificate: "PEM\n")
        let places: [ChannelRecord.Place] = [
            .email(mail), .telegram(chat: "-100"), .slack, .discord, .webhook(url: "https://h.test/?a=1"),
        ]
        var all: [ChannelRecord] = []
        for place in places {
            all.append(
                ChannelRecord(
                    id: sample.id(), name: place.kind, place: place, muted: [.agentOnline, .checkUp], createdAt: start))
            try await database.addChannel(all[all.count - 1])
        }
        for channel in all { #expect(try await database.channel(channel.id) == channel) }
        #expect(try await database.channels(PageRequest()).items == all.sorted { $0.id < $1.id })
        let twin = ChannelRecord(id: sample.id(), name: "slack", place: .slack, createdAt: start)
        await #expect(throws: ControlError.conflict("a channel named 'slack' is there already")) {
            try await database.addChannel(twin)
        }
        all[0].isEnabled = false
        all[0].sealedSecret = [9]
        try await database.updateChannel(all[0])
        #expect(try await database.channel(all[0].id) == all[0])
        try await database.deleteChannel(all[0].id)
        #expect(try await database.channel(all[0].id) == nil)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func theSameThingIsToldOnceToEachWhoWantsIt(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        let (one, two) = (channel(&sample, "one"), channel(&sample, "two", muted: [.runFailed]))
        var off = channel(&sample, "off")
        off.isEnabled = false
        for channel in [one, two, off] { try await database.addChannel(channel) }
        for _ in 0..<2 { try await database.addNotice(notice("1")) }
        try await database.addNotice(notice("1", .checkUp))
        let deliveries = try await claim(database)
        #expect(
            Set(deliveries.map { "\($0.channel.name) \($0.notice.kind)" }) == [
                "one runFailed", "one checkUp", "two checkUp",
            ])
        #expect(deliveries.first?.notice.lines == ["a line"] && deliveries.first?.attempt == 1)
        #expect(try await claim(database, "two").isEmpty, "they are on their way")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func anAttemptIsSettledByWhoHasIt(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        try await database.addChannel(channel(&sample, "one"))
        try await database.addNotice(notice("1"))
        let first = try #require(try await claim(database).first)
        // The replica died; another one takes it when the lease is over.
        let second = try #require(try await claim(database, "two", at: 61).first)
        #expect(second.attempt == 2)
        try await database.settle(first, .sent, at: start)
        #expect(try await database.channel(first.channel.id)?.lastSentAt == nil, "it is another's by now")
        let retryAt = start.addingTimeInterval(600)
        try await database.settle(second, .failed("no answer", retryAt: retryAt), at: start)
        #expect(try await database.channel(first.channel.id)?.lastError == "no answer")
        #expect(try await database.nextDeliveryAt() == retryAt)
        #expect(try await claim(database, at: 599).isEmpty)
        let third = try #require(try await claim(database, at: 600).first)
        try await database.settle(third, .sent, at: retryAt)
        #expect(try await database.nextDeliveryAt() == nil)
        let told = try await database.channel(first.channel.id)
        #expect(told?.lastSentAt == retryAt && told?.lastError == "")
        try await database.addNotice(notice("1"))
        #expect(try await claim(database, at: 700).isEmpty, "what was sent is not sent again")
        try await database.pruneNotices(before: start.addingTimeInterval(1))
        #expect(try fixture.sql("SELECT count(*) FROM notifications") == "0")
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func aFloodWaits(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var sample = Sample()
        try await database.addChannel(channel(&sample, "one"))
        try await database.addChannel(channel(&sample, "two"))
        for number in 0..<10 { try await database.addNotice(notice("\(number)")) }
        let first = try await claim(database, perMinute: 3)
        #expect(first.filter { $0.channel.name == "one" }.count == 3 && first.count == 6)
        for delivery in first { try await database.settle(delivery, .sent, at: start) }
        #expect(try await claim(database, at: 30, perMinute: 3).isEmpty)
        #expect(try await claim(database, at: 61, perMinute: 3).count == 6)
        await database.close()
    }

    @Test(arguments: DatabaseKind.allCases)
    func whatIsToldIsWrittenWithWhatHappened(_ kind: DatabaseKind) async throws {
        let fixture = try await DatabaseFixture(kind)
        let database = try await fixture.open()
        var all = try await Installation(database)
        try await database.addChannel(channel(&all.sample, "one"))
        func end(_ ending: RunEnding, at seconds: Double) async throws {
            let run = all.sample.run(all.job, at: seconds)
            try await database.addRun(run)
            _ = try await database.finish(run.id, agent: nil, ending, at: start.addingTimeInterval(seconds))
        }
        try await end(.success(Sample.stored), at: 0)
        try await end(.failed(.init(code: "drivers.login", message: "wrong password", hint: "set it")), at: 1)
        try await end(.cancelled, at: 2)
        try await end(.success(Sample.stored), at: 3)
        try await end(.success(Sample.stored), at: 4)
        let told = try await claim(database, at: 10).map(\.notice)
        #expect(told.map(\.kind) == [.runFailed, .runRecovered])
        #expect(told[0].title == "Backup failed: shop on web")
        #expect(told[0].lines.dropFirst() == ["wrong password [drivers.login]", "set it"])
        #expect(told[0].ids["error_code"] == "drivers.login" && told[0].ids["agent_id"] == all.agent.id.string)
        await database.close()
    }
}
