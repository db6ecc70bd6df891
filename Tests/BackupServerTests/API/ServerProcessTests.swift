import AsyncHTTPClient
import BackupAPI
import BackupTestSupport
import BackupWire
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// `backupy-server` as a person starts it.
@Suite struct ServerProcessTests {
    @Test func theFirstStartPrintsAWayInAndSIGTERMEndsItInOrder() async throws {
        let folder = try TemporaryFolder()
        let port = try FreePort.next()
        let server = try TestProcess(
            try TestTools.product("backupy-server"),
            ["--listen", "127.0.0.1:\(port)", "--data-dir", folder("data")],
            environment: ["BACKUPY_AGENT_URL": "http://agents.test"], log: folder("log"))
        try await server.waitForPort(port)
        try await eventually("the token is printed", within: .seconds(10)) { server.words.contains("the token bks_") }
        let words = server.words
        #expect(words.contains("  http://127.0.0.1:\(port)/setup#bks_"), "a browser on this host can open it")
        let setup = try #require(words.firstMatch(of: /token (bks_[a-z0-9]+)/)).1
        let modes = try FileManager.default.attributesOfItem(atPath: folder("data/master.key"))
        #expect(modes[.posixPermissions] as? Int == 0o600)
        let person = #""email":"a@example.com","password":"long enough for it""#
        _ = try await post(port, "/v1/auth/setup", #"{"token":"\#(setup)","name":"A",\#(person)}"#)
        let login = try APICoding.decoder().decode(
            LoginDocument.self, from: Data(try await post(port, "/v1/auth/login", "{\(person)}").utf8))
        // One who listens to the stream, and one who says nothing, don't hold the end up.
        let silent = try RawConnection(port: port)
        let listener = try RawConnection(port: port)
        defer {
            silent.close()
            listener.close()
        }
        listener.write(
            "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(login.token ?? "")\r\n\r\n")
        try await eventually("it listens", within: .seconds(10)) {
            try await get(port, "/metrics").contains("backupy_server_event_readers 1\n")
        }
        let made = try await post(port, "/v1/agents", #"{"name":"web"}"#, token: login.token)
        let key = try #require(made.firstMatch(of: /"key":"([^"]+)"/)).1
        let agent = try await ScriptedAgent(port: port, key: String(key), isSecure: false)
        try await agent.register([.ack])
        server.send(SIGTERM)
        try await eventually("it has ended", within: .seconds(3)) { !server.isRunning }
        #expect(agent.closeCode == 1001)
        #expect(server.exitStatus == 0, "\(server.words.suffix(2000))")
        #expect(!server.words.contains(login.token ?? "none") && !server.words.contains("long enough"))
    }

    @Test func withACertificateAllGoesByTLS() async throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority.shared.get()
        let port = try FreePort.next()
        let arguments = [
            "--listen", ":\(port)", "--data-dir", folder("data"), "--tls-cert", authority.certificate(.right),
            "--tls-key",
            authority.key(.right),
        ]
        let refused = try TestProcess.run(
            try TestTools.product("backupy-server"), arguments + ["--public-url", "http://localhost:\(port)"])
        #expect(refused.status != 0 && refused.errors.contains("--public-url wants https://"), "\(refused.errors)")
        let server = try TestProcess(try TestTools.product("backupy-server"), arguments, log: folder("log"))
        try await server.waitForPort(port)
        try await eventually("the link is printed", within: .seconds(10)) { server.words.contains("/setup#bks_") }
        #expect(server.words.contains("https://localhost:\(port)/setup#bks_"), "\(server.words)")
        server.send(SIGTERM)
        try await eventually("it has ended", within: .seconds(10)) { !server.isRunning }
    }

    private func post(_ port: Int, _ path: String, _ body: String, token: String? = nil) async throws -> String {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(string: body))
        return try await send(request)
    }

    private func get(_ port: Int, _ path: String) async throws -> String {
        try await send(HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"))
    }

    private func send(_ request: HTTPClientRequest) async throws -> String {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        guard response.status.code < 300 else { throw TestFailure(text) }
        return text
    }
}
