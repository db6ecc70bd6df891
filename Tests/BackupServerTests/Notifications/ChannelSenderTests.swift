import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import Crypto
import Foundation
import Testing

/// Notices to real peers: HTTP and HTTPS.
@Suite struct ChannelSenderTests {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)
    private let keys = SealedText(masterKey: SecretBytes(Array(repeating: 7, count: 32)))
    private let secret = "T0p-S3cret"

    private var notice: Notice {
        Notice(
            .runFailed, "Backup failed: <shop> & @everyone", ["line \"1\"", "zwei ä"], at: now, ids: ["run_id": "r1"],
            dedupKey: "r1")
    }

    private func channel(_ place: ChannelRecord.Place, secret: String? = nil) throws -> ChannelRecord {
        let id = ChannelRecord.ID("c1")
        return ChannelRecord(
            id: id, name: "c", place: place,
            sealedSecret: try keys.seal(Secret(secret ?? self.secret), for: ChannelRecord.secretPlace(id)),
            createdAt: now)
    }

    private func sender(
        _ allowed: [String] = ["127.0.0.1/32"], caFile: String? = nil, telegram: String = "https://api.telegram.test"
    ) -> ChannelSender {
        ChannelSender(
            keys: keys, addresses: AddressGuard(allowed: allowed.compactMap { AddressRange($0) }), caFile: caFile,
            telegram: telegram, now: { [now] in now })
    }

    private func body(_ request: HTTPSink.Request) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
        return try #require(object)
    }

    @Test func eachServiceGetsWhatItReads() async throws {
        let sink = try await HTTPSink()
        let url = "http://127.0.0.1:\(sink.port)"
        let sender = sender(telegram: url)
        try await sender.send(notice, to: try channel(.telegram(chat: "-100"), secret: "123:abc-D_e"))
        try await sender.send(notice, to: try channel(.slack, secret: "\(url)/services/T/B/x?y=1"))
        try await sender.send(notice, to: try channel(.discord, secret: "\(url)/api/webhooks/1/x"))
        try await sender.send(notice, to: try channel(.webhook(url: "\(url)/hook")))
        let requests = try sink.requests
        #expect(
            requests.map(\.path) == [
                "/bot123:abc-D_e/sendMessage", "/services/T/B/x?y=1", "/api/webhooks/1/x", "/hook",
            ])
        let bodies = try requests.map { try body($0) }
        #expect(bodies[0]["chat_id"] as? String == "-100" && bodies[0]["text"] as? String == notice.text)
        #expect((bodies[1]["text"] as? String)?.hasPrefix("Backup failed: &lt;shop&gt; &amp; @everyone\nline") == true)
        #expect((bodies[2]["allowed_mentions"] as? [String: [String]]) == ["parse": []], "nobody is mentioned")
        #expect(bodies[3]["kind"] as? String == "run_failed" && bodies[3]["id"] as? String == "run_failed/r1")
        #expect(
            bodies[3]["at"] as? String == "2026-05-28T20:26:40Z"
                && bodies[3]["ids"] as? [String: String] == ["run_id": "r1"])
        // As its receiver would prove it.
        let signature = try #require(requests[3].headers["backupy-signature"])
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("1780000000.\(requests[3].body)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        #expect(signature == "t=1780000000,v1=" + code.map { String(format: "%02x", $0) }.joined())
    }

    @Test(arguments: [
        ("404", "delivery.refused", Recovery.userAction), ("503", "delivery.refused", .retry),
        ("302", "delivery.refused", .userAction), ("429", "delivery.throttled", .retry),
    ])
    func whatIsNoSuccessIsNone(_ status: String, _ code: String, _ recovery: Recovery) async throws {
        let sink = try await HTTPSink()
        let place = ChannelRecord.Place.webhook(url: "http://127.0.0.1:\(sink.port)/status/\(status)?token=\(secret)")
        let channel = try channel(place)
        await #expect { try await sender().send(notice, to: channel) } throws: { error in
            guard let error = error as? DeliveryError else { return false }
            #expect(!"\(error) \(error.hint)".contains(secret))
            return error.code == code && error.recovery == recovery
                && (status != "429" || error == .throttled(host: "127.0.0.1", seconds: 123))
        }
        #expect(try sink.requests.map(\.path).contains("/elsewhere") == false, "no redirect is followed")
    }

    @Test func anAnswerWithoutEndIsLeft() async throws {
        let sink = try await HTTPSink()
        try await sender().send(notice, to: try channel(.webhook(url: "http://127.0.0.1:\(sink.port)/endless")))
        #expect(try sink.requests.count == 1)
    }

    @Test func aCertificateMustBeOfTheNameThatWasAskedFor() async throws {
        let authority = try TestAuthority.shared.get()
        func send(_ certificate: TestAuthority.Certificate, caFile: String?) async throws {
            let sink = try await HTTPSink(certificate: (authority.certificate(certificate), authority.key(certificate)))
            let url = "https://LOCALHOST:\(sink.port)/hook"
            try await sender(["127.0.0.1/32", "::1/128"], caFile: caFile).send(
                notice, to: try channel(.webhook(url: url)))
            #expect(try sink.requests.count == 1)
        }
        try await send(.right, caFile: authority.file)
        for wrong in [TestAuthority.Certificate.expired, .wrongName, .otherAuthority] {
            await #expect(throws: DeliveryError.insecure(host: "localhost"), "\(wrong)") {
                try await send(wrong, caFile: authority.file)
            }
        }
        await #expect(throws: DeliveryError.insecure(host: "localhost"), "nobody has vouched for it") {
            try await send(.right, caFile: nil)
        }
    }

    /// Each of them leads to this host or its neighbours, in another writing.
    @Test(arguments: [
        "http://127.0.0.1", "http://localhost", "http://127.1", "http://2130706433", "http://0x7f000001",
        "http://0177.0.0.1",
        "http://0.0.0.0", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://[::127.0.0.1]", "http://169.254.169.254",
        "http://10.0.0.1", "http://192.168.1.1", "http://172.31.255.255", "http://100.64.0.1", "http://[fd00::1]",
        "http://[fe80::1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://224.0.0.1",
        "http://255.255.255.255",
    ])
    func nothingGoesIntoTheServersOwnNetwork(_ place: String) async throws {
        let sink = try await HTTPSink()
        let channel = try channel(.webhook(url: "\(place):\(sink.port)/hook"))
        await #expect { try await sender([]).send(notice, to: channel) } throws: { error in
            switch error as? DeliveryError {
            case .forbiddenAddress, .unknownHost, .badChannel: true
            default: false
            }
        }
        #expect(try sink.requests.isEmpty)
    }

    @Test func publicAddressesAndAllowedNetworksAreOpen() throws {
        let guards = AddressGuard(allowed: [try #require(AddressRange("10.1.0.0/16"))])
        for open in ["8.8.8.8", "1.1.1.1", "10.1.2.3", "2606:4700::1111", "172.32.0.1", "::ffff:8.8.8.8"] {
            #expect(guards.allows(try #require(IPAddress(open))), "\(open)")
        }
        for closed in ["10.2.0.1", "::ffff:10.2.0.1", "::", "2001:db8::1", "240.0.0.1"] {
            #expect(!guards.allows(try #require(IPAddress(closed))), "\(closed)")
        }
    }

    @Test func errorsHoldNoSecret() async throws {
        let closed = try FreePort.next()
        let slack = try channel(.slack, secret: "http://127.0.0.1:\(closed)/services/\(secret)")
        let wrong = try channel(.slack, secret: "ftp://\(secret)")
        let bot = try channel(.telegram(chat: "1"), secret: "\(secret)/../x")
        var unsealed = slack
        unsealed.sealedSecret = [1, 2, 3]
        var missing = slack
        missing.sealedSecret = nil
        for (channel, code) in [
            (slack, "delivery.unreachable"), (wrong, "delivery.bad_channel"), (bot, "delivery.bad_channel"),
            (unsealed, "delivery.bad_channel"), (missing, "delivery.no_secret"),
        ] {
            await #expect { try await sender().send(notice, to: channel) } throws: { error in
                #expect(!"\(error)".contains(secret))
                return (error as? DeliveryError)?.code == code
            }
        }
    }
}
