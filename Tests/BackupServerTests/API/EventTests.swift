import AsyncHTTPClient
import BackupAPI
import BackupControl
import BackupControlStore
import BackupServer
import BackupTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@Suite struct EventTests {
    /// Listens until `isEnough`, and returns what came.
    private func listen(
        _ server: TestServer, _ token: String, _ query: String = "", after last: String? = nil,
        whenOpen: @Sendable () async throws -> Void = {}, until isEnough: @Sendable (String) -> Bool
    ) async throws -> String {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/v1/events\(query)")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let last { request.headers.add(name: "Last-Event-ID", value: last) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        guard response.status == .ok else { throw TestFailure("\(response.status)") }
        var text = ""
        var isOpen = false
        for try await piece in response.body {
            text += String(buffer: piece)
            if !isOpen {
                isOpen = true
                try await whenOpen()
            }
            if isEnough(text) { return text }
        }
        return text
    }

    private func append(_ server: TestServer, _ topic: String, _ name: String) async throws {
        try await server.server.database.appendEvent(NewEvent(topic: topic, name: name, data: "{}"), at: Date())
    }

    @Test func whatHappensIsToldToWhoListens() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let text = try await listen(server, owner, "?topics=jobs") {
            try await append(server, "agents", "agent.connected")
            try await append(server, "jobs", "job.started")
        } until: {
            $0.contains("job.started")
        }
        #expect(text.hasPrefix("retry: "))
        #expect(text.contains("event: job.started\ndata: {}\n\n"))
        #expect(!text.contains("agent.connected"), "nobody asked for it")
    }

    @Test func whoComesAgainMissesNothingAndHearsNothingTwice() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        for number in 0..<250 { try await append(server, "jobs", "job.n\(number)") }
        let text = try await listen(server, owner, after: "20") {
            try await append(server, "jobs", "job.last")
        } until: {
            $0.contains("job.last\n")
        }
        let numbers = text.matches(of: /id: ([0-9]+)\n/).compactMap { Int($0.1) }
        #expect(numbers == Array(21...251))
    }

    @Test func whoIsSignedOutHearsNoMore() async throws {
        let server = try await TestServer(limits: { $0.listenerCheck = .zero })
        _ = try await server.owner()
        let session = try await server.login("owner@example.com")
        let text = try await listen(server, session) {
            let reply = try await server.send("POST", "/v1/auth/logout", token: session)
            #expect(reply.status < 300)
            try await append(server, "jobs", "job.started")
        } until: { _ in
            false
        }
        #expect(!text.contains("job.started"), "the stream has ended before")
    }

    @Test func aReaderThatSleepsIsDroppedAndOthersAreServed() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let sleeper = try RawConnection(port: server.port)
        sleeper.write("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner)\r\n\r\n")
        try await eventually("it listens", within: .seconds(10)) {
            server.server.metrics.exposition.contains("backupy_server_event_readers 1\n")
        }
        // More than the sockets' buffers and the reader's backlog hold.
        let data = "{\"x\":\"" + String(repeating: "x", count: 60_000) + "\"}"
        let database = server.server.database
        for _ in 0..<600 {
            try await database.appendEvent(NewEvent(topic: "jobs", name: "job.big", data: data), at: Date())
        }
        try await eventually("it was dropped", within: .seconds(20)) {
            server.server.metrics.exposition.contains("backupy_server_event_readers 0\n")
        }
        try await eventually("it is told") { server.log.words.contains("a listener does not keep up") }
        #expect(try await server.send("GET", "/v1/me", token: owner).status == 200)
        sleeper.close()
    }

    @Test func nobodyTakesTheRoomOfAllOthers() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let viewer = try await server.person("viewer", by: owner)
        func readers(_ count: Int) async throws {
            // One that has hung up is noticed with the next heartbeat.
            try await eventually("\(count) listen", within: .seconds(40)) {
                server.server.metrics.exposition.contains("backupy_server_event_readers \(count)\n")
            }
        }
        func open() throws -> RawConnection {
            let connection = try RawConnection(port: server.port)
            connection.write(
                "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(viewer.session)\r\n\r\n")
            return connection
        }
        var connections: [RawConnection] = []
        for _ in 0..<32 { connections.append(try open()) }
        try await readers(32)
        let refused = try await server.send("GET", "/v1/events", token: viewer.session)
        #expect(refused.status == 429 && refused.error?.code == .rateLimited, "\(refused.body)")
        #expect(refused.headers["retry-after"] == "30")
        // Others have their room.
        let text = try await listen(server, owner) {
            try await append(server, "jobs", "job.started")
        } until: {
            $0.contains("job.started")
        }
        #expect(text.contains("job.started"))
        connections.removeLast().close()
        try await readers(31)
        connections.append(try open())
        try await readers(32)
        for connection in connections { connection.close() }
    }
}
