import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Testing

@testable import BackupAgent

/// Somebody in between, and a server out of its mind.
@Suite struct SessionAttackTests {
    private static var authority: TestAuthority { get throws { try TestAuthority.shared.get() } }

    /// Why there was no connection; nil when there was one.
    private static func refusal(
        _ security: ScriptedPeer.Security, host: String = "localhost", pins: String = "", proxy: ProxySettings = .none
    ) async throws -> SessionError? {
        let peer = try await ScriptedPeer(.current, security: security)
        let trust = try ServerTrust(certificateAuthorityFile: authority.file, pins: pins)
        var error: SessionError?
        try await Rig.run(peer, url: "wss://\(host):\(peer.port)", trust: trust, proxy: proxy) { rig in
            try await eventually("success or failure") {
                let status = await rig.session.status
                error = status.lastError
                return error != nil || status.state == .connected
            }
        }
        // Nobody but the right server has seen the agent's key.
        if error != nil { #expect(peer.requests == 0) }
        return error
    }

    @Test func aManInTheMiddleIsRefusedAndTheReasonSaysWhich() async throws {
        let table: [(ScriptedPeer.Security, SessionError?)] = [
            (.tls(.right), nil), (.tls(.otherAuthority), .untrustedCertificate("localhost")),
            (.tls(.expired), .expiredCertificate("localhost")), (.tls(.early), .expiredCertificate("localhost")),
            (.tls(.wrongName), .wrongName("localhost")),
            // For the address that the name leads to, as somebody has who controls the DNS.
            (.tls(.address), .wrongName("localhost")), (.tls12, .tlsVersion("localhost")),
        ]
        for (security, expected) in table {
            #expect(try await Self.refusal(security) == expected, "\(security)")
        }
        guard case .tls("localhost", _) = try await Self.refusal(.none) else { throw TestFailure("not a TLS error") }
    }

    @Test func anAddressNeedsACertificateForThatAddress() async throws {
        #expect(try await Self.refusal(.tls(.address), host: "127.0.0.1") == nil)
        #expect(try await Self.refusal(.tls(.right), host: "127.0.0.1") == .wrongName("127.0.0.1"))
    }

    @Test func onlyAPinnedKeyWillDo() async throws {
        let right = try Self.authority.pin(.right)
        let other = try Self.authority.pin(.otherAuthority)
        #expect(try await Self.refusal(.tls(.right), pins: right) == nil)
        #expect(try await Self.refusal(.tls(.right), pins: "\(other), \(right)") == nil)
        #expect(try await Self.refusal(.tls(.right), pins: other) == .wrongPin("localhost"))
        // A pin replaces nothing else.
        #expect(try await Self.refusal(.tls(.otherAuthority), pins: other) == .untrustedCertificate("localhost"))
    }

    @Test func withoutAPrivateAuthorityTheSystemsCount() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer, trust: try ServerTrust()) { rig in
            try await eventually("a refusal") {
                await rig.session.status.lastError == .untrustedCertificate("localhost")
            }
        }
    }

    @Test func aNameThatNobodyKnowsIsSaidToBeUnknown() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer, url: "wss://no-such-host.invalid") { rig in
            try await eventually("a refusal") {
                await rig.session.status.lastError == .unknownHost("no-such-host.invalid")
            }
        }
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        // Takes connections, and waits for a request that doesn't come.
        let mute = try await TestProxy()
        var connector = ServerConnector(
            address: try ServerAddress("wss://localhost:\(mute.port)"), key: Secret("k"), trust: try ServerTrust())
        connector.handshakeLimit = .milliseconds(200)
        await #expect(throws: SessionError.timedOut("localhost:\(mute.port)", within: .milliseconds(200))) {
            _ = try await connector.connect()
        }
    }

    @Test func aProxyLeadsToTheServer() async throws {
        let peer = try await ScriptedPeer(.current)
        let proxy = try await TestProxy(authorization: "Basic dTpwQHNz")
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://u:p%40ss@localhost:\(proxy.port)"])
        // A name that only the proxy knows.
        try await Rig.run(peer, url: "wss://backups.test:\(peer.port)", proxy: settings) { rig in
            try await rig.isConnected()
            try await rig.session.deliver(Rig.completed("r"), id: "r")
            try await eventually("it has arrived") { await rig.outbox.entries.isEmpty }
            #expect(proxy.targets == ["backups.test:\(peer.port)"])
        }
    }

    @Test func aProxyCantBeTheServer() async throws {
        let proxy = try await TestProxy()
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)"])
        // A certificate for the proxy's address, of which NIOSSL thinks that it is the server's.
        for host in ["backups.test", "192.0.2.1"] {
            #expect(try await Self.refusal(.tls(.address), host: host, proxy: settings) == .wrongName(host))
        }
        #expect(try await Self.refusal(.tls(.otherAuthority), proxy: settings) == .untrustedCertificate("localhost"))
        #expect(try await Self.refusal(.tls(.expired), proxy: settings) == .expiredCertificate("localhost"))
    }

    @Test func aProxyThatRefusesSaysWhy() async throws {
        let needsPassword = try await TestProxy(authorization: "Basic dTpwQHNz")
        let forbids = try await TestProxy(refusal: 403)
        for (proxy, status) in [(needsPassword, 407), (forbids, 403)] {
            let settings = try ProxySettings(environment: ["HTTPS_PROXY": "http://u:wrong@127.0.0.1:\(proxy.port)"])
            let error = try await Self.refusal(.tls(.right), proxy: settings)
            #expect(error == .proxyRefused("127.0.0.1:\(proxy.port)", status: status))
        }
        let port = try FreePort.next()
        let nobody = try ProxySettings(environment: ["HTTPS_PROXY": "http://127.0.0.1:\(port)"])
        #expect(
            try await Self.refusal(.tls(.right), proxy: nobody)
                == .proxyFailed("127.0.0.1:\(port)", reason: "Connection refused"))
    }

    @Test func aFrameOver4MiBEndsTheConnection() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            peer.last?.send(frame: [UInt8](repeating: 0, count: (4 << 20) + 1))
            try await rig.isConnected(times: 2)
            #expect(peer.connections[0].closeCode == 1009)
            #expect(await rig.session.status.lastError == .frameTooLarge(limit: 4 << 20))
            // The same in fragments: 0x02 begins a message, 0x00 goes on; 126 says that two bytes of length follow.
            let piece = [UInt8](repeating: 0, count: 0xFFFF)
            peer.last?.send(raw: [0x02, 126, 0xFF, 0xFF] + piece)
            for _ in 0..<64 { peer.last?.send(raw: [0x00, 126, 0xFF, 0xFF] + piece) }
            try await rig.isConnected(times: 3)
            try await peer.waitFor("the reason") { $0.connections[1].closeCode == 1009 }
        }
    }

    @Test func brokenFramesEndTheConnectionAndNothingElse() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            // A fragmented ping; a close with 126 bytes; a continuation of nothing; 2^63 bytes; 0xFF…
            let broken: [[UInt8]] = [
                [0x09, 0], [0x88, 126, 0, 126], [0x80, 1, 0], [0x82, 127] + [UInt8](repeating: 0xFF, count: 8),
                [UInt8](repeating: 0xFF, count: 100),
            ]
            for (number, bytes) in broken.enumerated() {
                try await rig.isConnected(times: number + 1)
                peer.last?.send(raw: bytes)
            }
            try await rig.isConnected(times: broken.count + 1)
            #expect(peer.connections.count == broken.count + 1)
        }
    }

    /// 10,000 frames, each malformed, cut short, random, or a message with something wrong in it.
    @Test func tenThousandBadFramesNeitherCrashTheSessionNorMakeItGrow() async throws {
        let peer = try await ScriptedPeer(.current)
        let good = try WireCodec.encode(
            ServerMessage.runBackup(RunBackup()), seq: 1, timeMilliseconds: 0,
            correlationID: String(repeating: "x", count: 100))
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            let connection = try #require(peer.last)
            var before = 0
            for round in 0..<10 {
                for number in 0..<1000 {
                    switch number % 4 {
                    case 0:
                        connection.send(frame: (0..<Int.random(in: 0...2000)).map { _ in UInt8.random(in: 0...255) })
                    case 1: connection.send(frame: Array(good.prefix(Int.random(in: 0..<good.count))))
                    case 2:
                        var bytes = good
                        bytes[Int.random(in: 0..<bytes.count)] ^= 1 << UInt8.random(in: 0..<8)
                        connection.send(frame: bytes)
                    default: connection.send(text: String(repeating: "?", count: Int.random(in: 0...2000)))
                    }
                }
                // Above whatever sequence number a changed bit has made.
                let ping = ServerMessage.ping(timeMilliseconds: 0)
                connection.send(
                    frame: try WireCodec.encode(
                        ping, seq: (1 << 50) + UInt64(round), timeMilliseconds: 0, correlationID: "round-\(round)"))
                try await peer.waitFor("it answers still", within: .seconds(60)) {
                    $0.received.contains { $0.correlationID == "round-\(round)" }
                }
                if round == 1 { before = try Self.residentBytes() }
            }
            #expect(peer.connections.count == 1)
            #expect(try Self.residentBytes() - before < 16 << 20)
            #expect(rig.record.lines.count < 20, "the log is not flooded")
        }
    }

    private static func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4096
    }
}
