import BackupCore
@testable import BackupDiscovery
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct HandshakeTests {
    private static func facts(
        _ port: Int, inside: Int = 7777, labels: [String: String] = [:], image: String = "acme/thing"
    )
        -> ContainerFacts
    {
        ContainerFacts(
            id: "1f", name: "db", image: image, labels: labels, exposedPorts: [.init(inside)],
            publishedPorts: [.init(container: inside, host: port, protocol: "tcp")])
    }

    private static func found(_ facts: ContainerFacts) async -> DiscoveredDatabase? {
        let looks = CloserLooks()
        await looks.look(at: [facts])
        return await looks.database(in: facts, DiscoveryRules.verdict(on: facts))
    }

    /// Real servers behind an image that says nothing. What they are sent holds no login.
    @Test func realServersAreRecognised() async throws {
        let (postgres, maria, redis, mongo) = (
            try await PostgreSQLServer(), try await MariaDBServer(), try await RedisServer(), try await MongoServer()
        )
        for (port, engine) in [
            (postgres.port, DatabaseEngine.postgresql), (maria.port, .mariadb), (redis.port, .redis),
            (mongo.port, .mongodb),
        ] {
            let found = await Self.found(Self.facts(port))
            #expect(found?.engine == engine && found?.evidence == .handshake && found?.port == 7777, "\(engine)")
        }
        // Where MySQL is usual, MariaDB may answer.
        let usual = await Self.found(Self.facts(maria.port, inside: 3306))
        #expect(usual?.engine == .mariadb && usual?.evidence == .handshake)
    }

    private static let answers: [(Handshake, String, [UInt8], Handshake.Verdict)] = [
        (.mySQL, "8.0", [0x4a, 0, 0, 0, 0x0a] + Array("8.0.36\u{0}".utf8), .engine(.mysql)),
        (.mySQL, "MariaDB", [0x4a, 0, 0, 0, 0x0a] + Array("5.5.5-10.11.6-MariaDB\u{0}".utf8), .engine(.mariadb)),
        (.mySQL, "SSH", Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), .no),
        (.mySQL, "SMTP", Array("220 mail ESMTP\r\n".utf8), .no),
        (.mySQL, "the beginning", [0x4a, 0], .more),
        (.postgreSQL, "no TLS", Array("N".utf8), .engine(.postgresql)),
        (.postgreSQL, "TLS", Array("S".utf8), .engine(.postgresql)),
        (.postgreSQL, "more than a letter", Array("Server: x".utf8), .no),
        (.postgreSQL, "HTTP", Array("HTTP/1.1 400 Bad Request\r\n".utf8), .no),
        (.redis, "open", Array("+PONG\r\n".utf8), .engine(.redis)),
        (.redis, "with a password", Array("-NOAUTH Authentication required.\r\n".utf8), .engine(.redis)),
        (.redis, "another server", Array("-ERR unknown command\r\n".utf8), .no),
        (.redis, "the beginning", Array("+PO".utf8), .more),
        (.mongoDB, "HTTP", Array("HTTP/1.1 400 Bad Request\r\n".utf8), .no),
        (.mongoDB, "an answer to others", [40, 0, 0, 0, 1, 0, 0, 0, 9, 9, 9, 9, 0xdd, 7, 0, 0], .no),
        (
            .mongoDB, "a router",
            [36, 0, 0, 0, 1, 0, 0, 0, 0x79, 0x62, 0, 0, 0xdd, 7, 0, 0] + Array("....isdbgrid........".utf8), .no
        ),
    ]

    @Test(arguments: 0..<answers.count) func firstWords(_ number: Int) {
        let (handshake, what, answer, verdict) = Self.answers[number]
        #expect(handshake.judge(answer) == verdict, "\(what)")
    }

    /// Every cut of every answer, and every flipped byte: an answer or none, never a trap.
    @Test func mangledWords() {
        for (handshake, _, answer, _) in Self.answers {
            for end in 0...answer.count { _ = handshake.judge(Array(answer[..<end])) }
            for index in answer.indices {
                var answer = answer
                answer[index] ^= 0xff
                _ = handshake.judge(answer)
            }
        }
    }

    /// Silent, endless and slow peers: not much more than a second, and a few hundred bytes.
    @Test(arguments: ["silent", "endless", "slow"]) func peersThatAreNone(_ kind: String) async throws {
        let folder = try TemporaryFolder()
        let port = try FreePort.next()
        let script = """
            import socket, sys, threading, time
            server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
            def serve(peer):
                try:
                    while True:
                        if sys.argv[2] == "endless": peer.sendall(b"+" * 65536)
                        elif sys.argv[2] == "slow": peer.sendall(b"+"); time.sleep(0.05)
                        else: time.sleep(1)
                except OSError: pass
            while True: threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
            """
        let process = try TestProcess("/usr/bin/python3", ["-c", script, "\(port)", kind], log: folder("log"))
        try await process.waitForPort(port)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(await Self.found(Self.facts(port)) == nil)
        let took = clock.now - start
        #expect(took < .seconds(2))
        process.stop()
    }

    /// Who is excluded is not knocked at, whoever else has the port.
    @Test func excludedContainersAreLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let port = try FreePort.next()
        let script = """
            import socket, sys
            server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            while True:
                peer, _ = server.accept()
                print("knock", flush=True)
                peer.close()
            """
        let process = try TestProcess("/usr/bin/python3", ["-u", "-c", script, "\(port)"], log: folder("log"))
        try await process.waitForPort(port)
        // The fixture's own.
        try await eventually("it has started") { process.words.contains("knock") }
        let start = process.words
        let refused = Self.facts(port, labels: ["backupy.enable": "false"])
        var other = Self.facts(port)
        other.id = "2f"
        for containers in [[refused], [Self.facts(port, image: "edoburu/pgbouncer")], [refused, other]] {
            await CloserLooks().look(at: containers)
        }
        await CloserLooks(mayConnect: { _ in false }).look(at: [Self.facts(port)])
        #expect(process.words == start)
        // Who says nothing is asked a few times, and then left alone, also when files are looked for again.
        let looks = CloserLooks()
        for _ in 0..<CloserLooks.largestAttempts { await looks.look(at: [other]) }
        let asked = process.words
        #expect(asked != start)
        await looks.forgetFiles()
        #expect(await !looks.look(at: [other]))
        #expect(process.words == asked)
        process.stop()
    }
}
