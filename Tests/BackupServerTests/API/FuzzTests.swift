import BackupAPI
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// An API fuzzer, with all of its checks, against the running server: no 5xx, and no answer that the document does not describe.
/// `BACKUPY_TEST_FUZZ=N` gives each operation N examples.
@Suite struct FuzzTests {
    private static let tool: String? = try? TestTools.path("schemathesis")
    private static let examples = ProcessInfo.processInfo.environment["BACKUPY_TEST_FUZZ"] ?? "4"

    @Test(.enabled(if: tool != nil, "schemathesis was not found: script/setup installs it"))
    func itFindsNothingWithAToken() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        let reply = try await server.send("POST", "/v1/api-tokens", #"{"name":"t","role":"owner"}"#, token: owner)
        let token = try #require(try reply.document(APITokenDocument.self).token)
        // A stream that does not end has tests of its own.
        try await run(server, token: token, ["--exclude-operation-id", "listenEvents"])
    }

    @Test(.enabled(if: tool != nil, "schemathesis was not found: script/setup installs it"))
    func itFindsNothingInASession() async throws {
        let server = try await TestServer()
        let owner = try await server.owner()
        // Logging out ends the session that the others need.
        let operations = ["updateMe", "enableTwoFactor", "disableTwoFactor", "createToken"]
        try await run(server, token: owner, operations.flatMap { ["--include-operation-id", $0] })
    }

    private func run(_ server: TestServer, token: String, _ more: [String]) async throws {
        let folder = try TemporaryFolder()
        let tool = try #require(Self.tool)
        let arguments =
            [
                "run", "http://127.0.0.1:\(server.port)/v1/openapi.json", "--header", "Authorization: Bearer \(token)",
                "--checks", "all", "--max-examples", Self.examples, "--generation-deterministic", "--no-color",
                "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all", "--warnings", "off",
            ] + more
        let outcome = try await BlockingThread.run("fuzz") {
            try TestProcess.run(tool, arguments, environment: ["NO_COLOR": "1"], in: folder.path)
        }
        #expect(outcome.status == 0, "\(outcome.output.suffix(12000))\n\(outcome.errors.suffix(2000))")
    }
}
