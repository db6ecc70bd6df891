@testable import BackupAgent
import BackupCore
import BackupTestSupport
import BackupWire
import Foundation
import Synchronization
import Testing

@Suite struct HealthCheckerTests {
    /// An HTTP server with an answer for each path.
    private struct Site {
        let port: Int
        let process: TestProcess
        let folder: TemporaryFolder

        init() async throws {
            folder = try TemporaryFolder()
            port = try FreePort.next()
            let script = """
                import http.server, time
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        path = self.path.split("?")[0]
                        if path == "/hang": time.sleep(600)
                        status = int(path[1:]) if path[1:].isdigit() else 200
                        self.send_response(status)
                        if status == 302: self.send_header("Location", "/200")
                        body = {"/far": b"x" * 70000 + b"needle", "/near": b"x" * 65000 + b"needle"}.get(path, b"hello")
                        self.send_header("Content-Length", str(len(body)))
                        self.end_headers()
                        try: self.wfile.write(body)
                        except OSError: pass
                    def log_message(self, *a): pass
                class Server(http.server.ThreadingHTTPServer):
                    daemon_threads = True
                Server(("127.0.0.1", \(port)), Handler).serve_forever()
                """
            process = try TestProcess("/usr/bin/python3", ["-c", script], log: folder("log"))
            try await process.waitForPort(port)
        }

        func check(_ path: String, status: Int? = nil, text: String = "", timeout: Duration = .seconds(10))
            -> HealthCheck
        {
            HealthCheck(
                id: path, kind: .http, target: "http://127.0.0.1:\(port)\(path)", timeout: timeout,
                expectedStatus: status,
                expectedText: text)
        }
    }

    private final class Seen: Sendable {
        let ids = Mutex<[String]>([])
        let turns = Mutex(0)
    }

    private func probe(_ check: HealthCheck, policy: HostPolicy = HostPolicy()) async throws -> HealthResult {
        let probe = HealthProbe(policy: policy)
        return try #require(await probe.run(check))
    }

    @Test func statusAndText() async throws {
        let site = try await Site()
        let cases: [(HealthCheck, Bool, UInt32, String)] = [
            (site.check("/200"), true, 200, ""), (site.check("/204", status: 204), true, 204, ""),
            (site.check("/302"), true, 302, ""), (site.check("/302", status: 200), false, 302, "status 302, not 200"),
            (site.check("/404"), false, 404, "status 404, not one of 200 to 399"),
            (site.check("/503", status: 503), true, 503, ""), (site.check("/200", text: "hello"), true, 200, ""),
            (site.check("/near", text: "needle"), true, 200, ""),
            (site.check("/far", text: "needle"), false, 200, "the answer does not contain the expected text"),
            (site.check("/hang", timeout: .milliseconds(300)), false, 0, "no answer in time"),
        ]
        for (check, isOK, status, error) in cases {
            let result = try await probe(check)
            #expect(result.isOK == isOK && result.statusCode == status && result.error == error, "\(result)")
            #expect(result.checkID == check.id && result.timeMilliseconds > 1_700_000_000_000)
        }
    }

    @Test func connections() async throws {
        let site = try await Site()
        func tcp(_ target: String) async throws -> HealthResult {
            try await probe(HealthCheck(id: "t", kind: .tcp, target: target, timeout: .seconds(5)))
        }
        #expect(try await tcp("127.0.0.1:\(site.port)").isOK)
        let closed = try FreePort.next()
        #expect(try await tcp("127.0.0.1:\(closed)").error == "Connection refused")
        #expect(try await tcp("no-such-host.invalid:80").error == "the name is not known")
        for target in ["", "host", "host:0", "host:99999", "http://host:80"] {
            #expect(try await tcp(target).error == "the check's target is not HOST:PORT")
        }
        let refused = try await probe(HealthCheck(id: "h", kind: .http, target: "127.0.0.1:\(closed)"))
        #expect(!refused.isOK && refused.error == "Connection refused", "\(refused)")
        for target in ["", "http://", "ftp://host", "http:// x", "http://%31%32%37.0.0.1"] {
            let result = try await probe(HealthCheck(id: "h", kind: .http, target: target))
            #expect(result.error == "the check's target is not a URL", "\(target): \(result)")
        }
        let plain = try await probe(HealthCheck(id: "s", kind: .https, target: "127.0.0.1:\(site.port)"))
        #expect(!plain.isOK && !plain.error.isEmpty)
        let unknown = try await probe(HealthCheck(id: "u", kind: nil, target: "x"))
        #expect(unknown.error == "this agent does not know the kind of this check")
    }

    @Test func thePolicyDecidesFirst() async throws {
        let site = try await Site()
        var policy = HostPolicy()
        policy.healthChecks.deny = [Glob("127.0.0.1:\(site.port)")]
        let result = try await probe(site.check("/200"), policy: policy)
        #expect(
            result.error == "the policy of the agent's host does not allow a health check of 127.0.0.1:\(site.port)")
        #expect(!result.isOK && result.statusCode == 0)
    }

    @Test func checksRunInTheirRhythmAndOnDemand() async throws {
        let site = try await Site()
        let metrics = AgentMetrics(version: "1", commit: "2")
        let checker = HealthChecker(policy: HostPolicy(), metrics: metrics)
        let seen = Seen()
        let task = Task {
            await checker.run(turned: { seen.turns.withLock { $0 += 1 } }) { result in
                seen.ids.withLock { $0.append(result.checkID) }
            }
        }
        func count(_ id: String) -> Int { seen.ids.withLock { $0 }.count { $0 == id } }
        var often = site.check("/200")
        often.interval = .seconds(1)
        var seldom = site.check("/204")
        seldom.interval = .seconds(100_000)
        var hanging = site.check("/hang", timeout: .seconds(600))
        hanging.interval = .seconds(1)
        #expect(checker.apply([often, seldom, hanging]) == 0)
        try await eventually("it comes again and again") { count("/200") >= 3 }
        #expect(checker.runNow("/204") && !checker.runNow("/unknown"))
        try await eventually("it comes when it is asked for") { count("/204") >= 1 }
        // One that hangs is there once, and goes with its check.
        checker.apply([often])
        let before = count("/200")
        try await eventually("the others go on") { count("/200") > before }
        task.cancel()
        await task.value
        #expect(count("/hang") == 0 && seen.turns.withLock { $0 } > 3)
        #expect(metrics.exposition.contains(#"health_check_duration_seconds_count{check_id="/200"}"#))
    }
}
