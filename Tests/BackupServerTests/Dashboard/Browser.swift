import AsyncHTTPClient
import BackupAPI
import BackupTestSupport
import Foundation
import FoundationXML
import NIOCore
import NIOHTTP1

/// Asks for pages as a browser does: with a session's cookie, a language, and an eye for markup.
struct Browser: Sendable {
    let server: TestServer
    var cookie = ""
    var language = "en"

    init(_ server: TestServer) { self.server = server }

    /// Signs in by the form's request.
    init(_ server: TestServer, email: String) async throws {
        self.server = server
        let reply = try await server.send(
            "POST", "/v1/auth/login",
            #"{"email":"\#(email)","password":"\#(TestServer.password)","use_cookie":true}"#)
        guard reply.status == 200, let set = reply.headers["set-cookie"] else { throw TestFailure(reply.body) }
        cookie = String(set.prefix { $0 != ";" })
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> TestServer.Reply {
        try await send("GET", path, nil, headers)
    }

    /// A plain form.
    func post(_ path: String, _ form: String, headers: [(String, String)] = []) async throws -> TestServer.Reply {
        try await send("POST", path, form, [("Content-Type", "application/x-www-form-urlencoded")] + headers)
    }

    /// Takes answers as they are: nothing is followed, and nothing is unpacked.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    private func send(
        _ method: String, _ path: String, _ body: String?, _ headers: [(String, String)]
    ) async throws -> TestServer.Reply {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        request.method = .RAW(value: method)
        for (name, value) in common + headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 8 << 20)
        return TestServer.Reply(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $0 + "\n" + $1 },
            body: String(buffer: bytes))
    }

    private var common: [(String, String)] {
        [("Accept", "text/html,application/xhtml+xml"), ("Accept-Language", language)]
            + (cookie.isEmpty ? [] : [("Cookie", cookie)])
    }
}

/// A page as a parser that knows nothing of us reads it. - Throws: where it is not well-formed.
final class Markup: NSObject, XMLParserDelegate {
    private(set) var text = ""
    private(set) var elements: [String] = []
    private(set) var values: [String] = []

    struct NotWellFormed: Error { let reason: String }

    init(_ page: String) throws {
        super.init()
        let parser = XMLParser(data: Data(page.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "").utf8))
        parser.delegate = self
        guard parser.parse() else {
            throw NotWellFormed(reason: "\(parser.parserError.map(String.init(describing:)) ?? "") \(page.prefix(500))")
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(([name] + attributes.keys.sorted()).joined(separator: " "))
        values += attributes.values
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
