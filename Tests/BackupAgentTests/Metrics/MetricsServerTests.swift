@testable import BackupAgent
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct MetricsServerTests {
    private func server(isHealthy: Bool = true) async throws -> MetricsServer {
        try await MetricsServer(
            on: ListenAddress(host: "127.0.0.1", port: 0), metrics: AgentMetrics(version: "1", commit: "2"),
            health: { (isHealthy, #"{"alive":\#(isHealthy)}"#) })
    }

    private func curl(_ server: MetricsServer, _ path: String, _ options: [String] = []) throws -> (
        status: String, body: String
    ) {
        let outcome = try TestProcess.run(
            "/usr/bin/curl",
            ["--silent", "--max-time", "20", "--write-out", "\n%{http_code}"] + options + [
                "http://\(server.address)\(path)"
            ])
        var lines = outcome.output.components(separatedBy: "\n")
        let status = lines.removeLast()
        return (status, lines.joined(separator: "\n"))
    }

    @Test func itAnswersTwoPathsAndNothingElse() async throws {
        let server = try await server()
        let metrics = try curl(server, "/metrics")
        #expect(metrics.status == "200" && metrics.body.contains("\nbackupy_agent_up 1\n"))
        #expect(try curl(server, "/metrics?x=y").status == "200")
        let head = try curl(server, "/metrics", ["--head"])
        #expect(head.status == "200" && !head.body.contains("backupy_agent_up") && head.body.contains("version=0.0.4"))
        let health = try curl(server, "/healthz")
        #expect(health.status == "200" && health.body == "{\"alive\":true}\n")
        #expect(try curl(server, "/").status == "404" && curl(server, "/metrics/x").status == "404")
        #expect(try curl(server, "/metrics", ["--data", "x"]).status == "405")
        #expect(try curl(server, "/healthz", ["--request", "DELETE"]).status == "405")
        await server.close()
        #expect(try curl(server, "/metrics").status == "000")
        let sick = try await self.server(isHealthy: false)
        #expect(try curl(sick, "/healthz").status == "503")
        await sick.close()
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        let first = try await server()
        let error = await #expect(throws: AgentError.self) {
            try await MetricsServer(
                on: first.address, metrics: AgentMetrics(version: "1", commit: "2"), health: { (true, "") })
        }
        #expect(error == .cannotListen("\(first.address)", reason: "Address already in use"))
        await first.close()
    }

    @Test func itEndsConnectionsThatAskForTooMuch() async throws {
        let server = try await server()
        let huge = try curl(server, "/metrics", ["--header", "X: " + String(repeating: "x", count: 100_000)])
        #expect(huge.status != "200")
        #expect(try curl(server, "/metrics").status == "200")
        // Silent connections take all places; others are turned away, and the places come back.
        let script = """
            import socket, sys
            held = []
            for _ in range(\(MetricsServer.largestConnectionCount)):
                held.append(socket.create_connection(("127.0.0.1", \(server.address.port)), 5))
            extra = socket.create_connection(("127.0.0.1", \(server.address.port)), 5)
            extra.settimeout(5)
            assert extra.recv(1) == b"", "one too many is closed at once"
            held[0].settimeout(15)
            assert held[0].recv(1) == b"", "a silent one is closed in the end"
            """
        let outcome = try TestProcess.run("/usr/bin/python3", ["-c", script])
        #expect(outcome.status == 0, "\(outcome.errors)")
        try await eventually("it answers again") { try curl(server, "/metrics").status == "200" }
        await server.close()
    }
}
