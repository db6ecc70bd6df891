import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// Notices by mail, to a real server.
@Suite struct MailSenderTests {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)
    private let keys = SealedText(masterKey: SecretBytes(Array(repeating: 7, count: 32)))
    private let password = "p4ss w\"ö"

    private func send(
        _ peer: MailPeer, security: ChannelRecord.Email.Security = .startTLS, username: String = "",
        password: String = "", host: String = "localhost", trusted: Bool = true,
        allowed: [String] = ["127.0.0.0/8", "::1/128"],
        title: String = "Backup failed: shop"
    ) async throws {
        let authority = try String(contentsOfFile: TestAuthority.shared.get().file, encoding: .utf8)
        let id = ChannelRecord.ID("c1")
        let email = ChannelRecord.Email(
            host: host, port: peer.port, security: security, username: username, from: "backupy@example.org",
            to: ["ops@example.org", "boss@example.org"], caCertificate: trusted ? authority : nil)
        let channel = ChannelRecord(
            id: id, name: "mail", place: .email(email),
            sealedSecret: try keys.seal(Secret(password), for: ChannelRecord.secretPlace(id)), createdAt: now)
        let sender = ChannelSender(
            keys: keys, addresses: AddressGuard(allowed: allowed.compactMap { AddressRange($0) }))
        let notice = Notice(
            .runFailed, title, [".", "a line with ä and 🦊", String(repeating: "long ", count: 200)], at: now,
            dedupKey: "r1")
        try await sender.send(notice, to: channel)
    }

    private func failure(_ body: () async throws -> Void) async -> DeliveryError? {
        do {
            try await body()
            return nil
        } catch {
            #expect(!"\(error)".contains(password))
            return error as? DeliveryError
        }
    }

    @Test(arguments: [(MailPeer.Mode.startTLS, ChannelRecord.Email.Security.startTLS), (.tls, .tls)])
    func mailGoesOverTLSWithALogin(_ mode: MailPeer.Mode, _ security: ChannelRecord.Email.Security) async throws {
        let peer = try await MailPeer(mode, password: password)
        try await send(
            peer, security: security, username: "ops", password: password,
            title: "Größe: \(String(repeating: "ä🦊", count: 60))")
        let mail = try #require(try peer.mails.first)
        #expect(mail.isSecure && mail.user == "ops" && mail.from == "backupy@example.org")
        #expect(mail.to == ["ops@example.org", "boss@example.org"])
        #expect(mail.subject == "[Backupy] Größe: \(String(repeating: "ä🦊", count: 60))")
        #expect(mail.body.contains("\n.\n") && mail.body.contains("a line with ä and 🦊"))
        #expect(mail.body.contains("2026-05-28T20:26:40Z"))
        let wrong = await failure { try await send(peer, security: security, username: "ops", password: "no") }
        #expect(wrong == .loginRefused(host: "localhost"))
    }

    @Test func withoutTLSNothingIsSent() async throws {
        let plain = try await MailPeer(.plain)
        #expect(await failure { try await send(plain) } == .insecure(host: "localhost"))
        #expect(try plain.mails.isEmpty)
        try await send(plain, security: .none)
        #expect(try plain.mails.map(\.isSecure) == [false], "somebody has said so")
    }

    @Test(arguments: [TestAuthority.Certificate.expired, .wrongName, .otherAuthority])
    func anothersCertificateIsNone(_ certificate: TestAuthority.Certificate) async throws {
        let peer = try await MailPeer(.startTLS, certificate: certificate)
        #expect(await failure { try await send(peer) } == .insecure(host: "localhost"))
        #expect(try peer.mails.isEmpty)
    }

    @Test func theSystemsAuthoritiesDontVouchForIt() async throws {
        let peer = try await MailPeer(.startTLS)
        #expect(await failure { try await send(peer, trusted: false) } == .insecure(host: "localhost"))
    }

    /// What an agent says must not become a header, a recipient, or the end of the message.
    @Test func nothingBecomesAHeader() async throws {
        let peer = try await MailPeer(.startTLS)
        try await send(peer, title: "x\r\nBcc: evil@example.org\r\n\r\n.\r\nRCPT TO:<evil@example.org>")
        let mail = try #require(try peer.mails.first)
        #expect(
            mail.headers.sorted() == [
                "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
                "Message-ID",
                "Subject", "To",
            ])
        #expect(mail.to.count == 2 && mail.subject.contains("Bcc: evil@example.org"))
        #expect(try peer.mails.count == 1)
    }

    @Test func refusalsAndForbiddenPlacesAreNamed() async throws {
        let refusing = try await MailPeer(.refusing)
        #expect(await failure { try await send(refusing, security: .none) } == .refused(host: "localhost", status: 550))
        let peer = try await MailPeer(.plain)
        #expect(
            await failure { try await send(peer, security: .none, host: "127.0.0.1", allowed: []) }
                == .forbiddenAddress(host: "127.0.0.1"))
        #expect(
            await failure { try await send(peer, host: "nowhere.invalid") } == .unknownHost(host: "nowhere.invalid"))
    }
}
