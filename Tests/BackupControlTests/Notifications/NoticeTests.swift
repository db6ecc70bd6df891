import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct NoticeTests {
    private let now = Records.time("2026-03-01T12:00:00Z")

    @Test func whatAgentsSayStaysOnItsLine() {
        let notice = Notice(
            .runFailed, "a\r\nBcc: x@y.test", ["b\nc\u{2028}d\u{202e}e\u{0}", String(repeating: "x", count: 5000)],
            at: now, dedupKey: "1")
        #expect(notice.title == "a  Bcc: x@y.test" && notice.lines[0] == "b c d e ")
        #expect(notice.lines[1].count == Notice.longestText && notice.dedupKey == "run_failed/1")
        #expect(notice.text.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
    }

    @Test func attemptsComeSeldomerAndEnd() {
        var (time, attempts, delays): (Date, Int, [Int]) = (now, 0, [])
        while true {
            attempts += 1
            guard let next = DeliveryBackoff.next(attempts: attempts, madeAt: now, now: time) else { break }
            delays.append(Int(next.timeIntervalSince(time)) / 60)
            time = next
        }
        #expect(Array(delays.prefix(8)) == [1, 2, 4, 8, 16, 32, 60, 60] && delays.count == 28)
        #expect(time.timeIntervalSince(now) < 86_400)
        let asked = DeliveryBackoff.next(attempts: 1, madeAt: now, wait: .seconds(300), now: now)
        #expect(asked == now.addingTimeInterval(300), "the other side has a say")
        let greedy = DeliveryBackoff.next(attempts: 1, madeAt: now, wait: .seconds(1_000_000), now: now)
        #expect(greedy == now.addingTimeInterval(3600))
    }

    @Test func signaturesAreWhatOpenSSLComputes() throws {
        let body = #"{"kind":"test"}"#
        let value = WebhookSignature.value(Array(body.utf8), secret: Secret("k3y"), at: now)
        let seconds = Int(now.timeIntervalSince1970)
        let outcome = try TestProcess.run(
            TestTools.path("openssl"), ["dgst", "-sha256", "-hmac", "k3y", "-r"], input: "\(seconds).\(body)")
        let hex = outcome.output.prefix(64)
        #expect(hex.count == 64 && value == "t=\(seconds),v1=\(hex)")
    }

    @Test(arguments: [
        "a@b", "a.b+c@mail.example.org", "o'brien@example.org",
    ])
    func mailAddresses(_ text: String) { #expect(ChannelRecord.Email.isAddress(text)) }

    @Test(arguments: [
        "", "a", "@b", "a@", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b c", "a@b>", "ä@b", "a@b.", "a@b..c",
        "a@b\n",
        "\"a b\"@c", String(repeating: "a", count: 300) + "@b",
    ])
    func noMailAddresses(_ text: String) { #expect(!ChannelRecord.Email.isAddress(text)) }

    @Test func channelsThatCantBeAreRefused() throws {
        func check(_ place: ChannelRecord.Place) throws {
            try ChannelRecord(id: .init("c"), name: "c", place: place, createdAt: now).check()
        }
        try check(.webhook(url: "https://hooks.example.org/x?y=1"))
        try check(.telegram(chat: "-100123"))
        try check(.email(.init(host: "mail.test", from: "a@b", to: ["c@d"])))
        let wrong: [ChannelRecord.Place] = [
            .webhook(url: "ftp://x"), .webhook(url: "https://"), .webhook(url: "https://u:p@h/"),
            .webhook(url: "https://h/ x"),
            .webhook(url: "file:///etc/passwd"), .webhook(url: "https://h/\r\nX: y"), .telegram(chat: "a b"),
            .telegram(chat: ""), .email(.init(host: "h\r\n", from: "a@b", to: ["c@d"])),
            .email(.init(host: "h", from: "a", to: ["c@d"])), .email(.init(host: "h", from: "a@b", to: [])),
            .email(.init(host: "h", port: 0, from: "a@b", to: ["c@d"])),
            .email(.init(host: "h", username: "u\r\n", from: "a@b", to: ["c@d"])),
        ]
        for place in wrong { #expect(throws: ControlError.self, "\(place)") { try check(place) } }
    }

    @Test func everyKindHasItsWord() {
        #expect(Set(Notice.Kind.allCases.map(\.rawValue)).count == Notice.Kind.allCases.count)
        var channel = ChannelRecord(
            id: .init("c"), name: "c", place: .slack, muted: [.agentOnline, .test], createdAt: now)
        #expect(channel.wants(.runFailed) && !channel.wants(.agentOnline) && channel.wants(.test))
        channel.isEnabled = false
        #expect(!channel.wants(.runFailed))
    }
}
