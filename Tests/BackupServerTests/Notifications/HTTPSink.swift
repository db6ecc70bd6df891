import BackupCore
import BackupTestSupport
import Foundation

/// A service that somebody else runs: takes requests and notes them. What it answers is in the path: `/status/404`.
final class HTTPSink: Sendable {
    struct Request: Decodable {
        let path: String
        let headers: [String: String]
        let body: String
    }

    let port: Int
    private let folder: TemporaryFolder
    private let process: TestProcess

    /// - Parameter certificate: nil for plain HTTP.
    init(certificate: (chain: String, key: String)? = nil) async throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        let tls = certificate.map { [$0.chain, $0.key] } ?? []
        process = try TestProcess(
            TestTools.path("python3"), ["-c", Self.script, "\(port)", folder("requests")] + tls, log: folder("log"))
        try await process.waitForPort(port)
    }

    /// All so far.
    var requests: [Request] {
        get throws {
            guard let text = try? String(contentsOfFile: folder("requests"), encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
        }
    }

    func stop() { process.stop() }

    private static let script = """
        import http.server, json, ssl, sys, time
        class Sink(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                note = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body.decode()}
                with open(sys.argv[2], "a") as file: file.write(json.dumps(note) + "\\n")
                words = self.path.split("?")[0].strip("/").split("/")
                status = int(words[1]) if words[0] == "status" else 200
                self.send_response(status)
                if status in (301, 302, 307): self.send_header("Location", "/elsewhere")
                if status == 429: self.send_header("Retry-After", "123")
                if words[0] == "endless":
                    self.end_headers()
                    while True: self.wfile.write(b"x" * 65536)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
            do_GET = do_POST
        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Sink)
        if len(sys.argv) > 3:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.serve_forever()
        """
}
