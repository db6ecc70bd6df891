import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Glibc
import Testing

/// Whoever wants to do harm is bounded, it is told in the log, once, and everybody else is served.
@Suite(.serialized) struct HostileTests {
    private func attempt(_ server: TestServer, _ email: String, from address: String) async throws -> Int {
        try await server.send(
            "POST", "/v1/auth/login", #"{"email":"\#(email)","password":"a guess"}"#,
            headers: [("X-Forwarded-For", address)]
        ).status
    }

    private func times(_ words: String, _ server: TestServer) -> Int {
        server.log.words.split(separator: "\n").count { $0.contains(words) }
    }

    private func owner(_ server: TestServer, from address: String) async throws -> Int {
        let body = #"{"email":"owner@example.com","password":"\#(TestServer.password)"}"#
        return try await server.send("POST", "/v1/auth/login", body, headers: [("X-Forwarded-For", address)]).status
    }

    // MARK: Guesses

    @Test func guessesOfPasswordsAreToldOnceForAnAddressAndOnceForAnAccount() async throws {
        let server = try await TestServer(limits: { $0.loginsPerMinute = 5 }, trustedProxies: ["127.0.0.1"])
        _ = try await server.owner()
        var statuses: [Int] = []
        for number in 0..<40 {
            statuses.append(try await attempt(server, "x\(number)@example.com", from: "203.0.113.9"))
        }
        #expect(statuses.count { $0 == 429 } >= 34)
        #expect(times("requests are refused: there are too many", server) == 1)
        for number in 0..<30 {
            statuses.append(try await attempt(server, "victim@example.com", from: "198.51.100.\(number)"))
        }
        #expect(statuses.suffix(30).count { $0 == 429 } >= 18)
        #expect(times("attempts at an account are refused", server) == 1)
        #expect(times("victim@example.com", server) == 1 && times("203.0.113.9", server) == 1)
        #expect(try await owner(server, from: "198.51.100.200") == 200)
    }

    @Test(arguments: [["127.0.0.1"], []])
    func guessesOfAgentsKeysAreBoundedWhateverIsForwarded(proxies: [String]) async throws {
        let server = try await TestServer(trustedProxies: proxies, gateway: { $0.guessesPerMinute = 5 })
        let owner = try await server.owner()
        let made = try await server.send("POST", "/v1/agents", #"{"name":"web-1"}"#, token: owner)
        let key = try made.document(AgentKeyDocument.self).key
        func knock(_ key: String, _ forwarded: String) async throws -> Int {
            do {
                let agent = try await ScriptedAgent(
                    port: server.port, key: key, isSecure: false, headers: ["X-Forwarded-For": forwarded])
                agent.hangUp()
                return 101
            } catch let error as ScriptedAgent.Refused { return error.status }
        }
        // It was good once: what others do behind the same address does not lock it out.
        #expect(try await knock(key, "203.0.113.9") == 101)
        var statuses: [Int] = []
        for number in 0..<40 {
            // What stands before the last address anybody may have written. Every third shows no key at all.
            let guess = number % 3 == 0 ? "" : "bkpy_live_\(number)"
            statuses.append(try await knock(guess, "192.0.2.\(number), 203.0.113.9"))
        }
        #expect(statuses.count { $0 == 401 } <= 6 && statuses.suffix(30).allSatisfy { $0 == 429 }, "\(statuses)")
        #expect(times("an agent's key was refused", server) == 1)
        #expect(times("agents' keys are not looked at", server) == 1)
        #expect(try await knock(key, "203.0.113.9") == 101)
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
    }

    // MARK: Too much, and too slowly

    @Test(arguments: [("/v1/auth/login", "413"), ("/v1/users", "401")])
    func aBodyWithoutAnEndIsCutOff(path: String, status: String) async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let connection = try RawConnection(port: server.port)
        defer { connection.close() }
        connection.write(
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
        let answer = try await BlockingThread.run("flood") { () -> String? in
            let end = ContinuousClock.now + .seconds(15)
            while connection.write(chunk) > 0 { guard .now < end else { return nil } }
            return connection.readToEnd()
        }
        // With what is on its way when the connection ends, the answer may be lost.
        let words = try #require(answer, "it is still listened to")
        #expect(words.isEmpty || words.hasPrefix("HTTP/1.1 \(status)"), "\(words)")
        #expect(times("its body is too large", server) == (status == "413" ? 1 : 0))
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
    }

    @Test func bodiesThatComeByteAfterByteAreCutOff() async throws {
        let server = try await TestServer(limits: { $0.bodyDeadline = .milliseconds(700) })
        let owner = try await server.owner()
        let head =
            "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                let connection = try RawConnection(port: server.port)
                group.addTask {
                    defer { connection.close() }
                    return try await BlockingThread.run("drip") { connection.drip(head, "{") }
                }
            }
            #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
            for try await answer in group {
                #expect(try #require(answer, "it is still open").hasPrefix("HTTP/1.1 408"), "\(answer ?? "")")
            }
        }
        #expect(times("its body comes too slowly", server) == 1)
    }

    /// The first request has a deadline of its own (`GatewayTests`); this is the next one on the same connection.
    @Test func headersThatComeByteAfterByteAreCutOff() async throws {
        let server = try await TestServer(gateway: { $0.idleRequest = .milliseconds(500) })
        let connection = try RawConnection(port: server.port)
        defer { connection.close() }
        let first = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.write(first)
        try await eventually("the first is answered") { connection.hasNews() }
        let answer = try await BlockingThread.run("drip") {
            // What was read already is no news any more.
            connection.readSome()
            return connection.drip("GET /healthz HTTP/1.1\r\nX: ", "x")
        }
        #expect(answer == "", "it was closed without another answer: \(answer ?? "still open")")
    }

    // MARK: Connections

    @Test func aThousandIdleConnectionsAreBoundedAndOthersAreServed() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let server = try await TestServer(gateway: {
            $0.firstRequest = .seconds(4)
            $0.turn = .seconds(2)
        })
        let idle = try (0..<1000).map { _ in try RawConnection(port: server.port) }
        defer { for connection in idle { connection.close() } }
        let other = try RawConnection(port: server.port, from: "127.0.0.2")
        defer { other.close() }
        other.write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(try #require(other.readToEnd()).hasPrefix("HTTP/1.1 200"))
        try await eventually("what finds no place is closed", within: .seconds(10)) {
            idle.count { $0.hasNews() } >= 488
        }
        #expect(times("connections are refused", server) == 1)
        try await eventually("all are closed", within: .seconds(20)) { idle.allSatisfy { $0.hasNews() } }
        #expect(try await server.send("GET", "/healthz").status == 200)
    }

    @Test func whoReadsNothingOfAnAnswerLosesTheConnection() async throws {
        let server = try await TestServer(gateway: {
            $0.stalledAnswer = .milliseconds(300)
            $0.turn = .milliseconds(100)
            $0.connectionsPerAddress = 1
        })
        let owner = try await server.owner()
        let sleeper = try RawConnection(port: server.port, from: "127.0.0.2")
        defer { sleeper.close() }
        sleeper.write("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner)\r\n\r\n")
        try await eventually("it listens", within: .seconds(10)) {
            server.server.metrics.exposition.contains("backupy_server_event_readers 1\n")
        }
        func isServed() throws -> Bool {
            let other = try RawConnection(port: server.port, from: "127.0.0.2")
            defer { other.close() }
            other.write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return other.readToEnd()?.hasPrefix("HTTP/1.1 200") == true
        }
        #expect(try !isServed(), "its address has as many connections as it may")
        let data = "{\"x\":\"" + String(repeating: "x", count: 60_000) + "\"}"
        for _ in 0..<600 {
            try await server.server.database.appendEvent(
                NewEvent(topic: "jobs", name: "job.big", data: data), at: Date())
        }
        try await eventually("its connection is gone", within: .seconds(20)) { try isServed() }
        #expect(times("its peer reads no answer", server) == 1)
    }
}
