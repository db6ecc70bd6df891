import BackupTestSupport
import Foundation
import Testing

/// A new server's owner, and a backup that is fetched through it, as far as a command can go wrong; `DemoTests` has the way that works.
@Suite struct FirstStepsTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func environment(_ api: ScriptedAPI) throws -> [String: String] {
        [
            "BACKUPY_SERVER": "https://localhost:\(api.port)", "BACKUPY_TOKEN": MemoryAPI.token,
            "BACKUPY_CA_FILE": try TestAuthority.shared.get().file, "XDG_CONFIG_HOME": folder("config"),
        ]
    }

    @Test func aWrongSetupTokenIsExplainedAndNothingIsKept() async throws {
        let api = try await ScriptedAPI { _ in MemoryAPI.refusal(401, "AUTH_FAILED", "no") }
        try "bks_wrong\n".write(toFile: folder("token"), atomically: true, encoding: .utf8)
        try "a long password\r\n".write(toFile: folder("password"), atomically: true, encoding: .utf8)
        let setup = [
            "setup", "https://localhost:\(api.port)", "--email", "o@example.com", "--setup-token-file", folder("token"),
            "--password-file", folder("password"), "--ca-file", try TestAuthority.shared.get().file, "--json",
        ]
        let outcome = try Commands.backupy(setup, environment: ["XDG_CONFIG_HOME": folder("config")])
        #expect(try outcome.errorCode() == "remote.setup_refused", "\(outcome)")
        #expect(!outcome.errors.contains("a long password") && !outcome.errors.contains("bks_wrong"))
        #expect(!FileManager.default.fileExists(atPath: folder("config/backupy/login.json")))
        let body = try #require(api.requests.first?.body)
        #expect(api.requests.count == 1 && api.requests.first?.path == "/v1/auth/setup")
        #expect(body.contains(#""password":"a long password""#) && body.contains(#""name":"o""#), "\(body)")
    }

    @Test func withoutATerminalItNeedsBothFiles() throws {
        let outcome = try Commands.backupy(["setup", "http://127.0.0.1:9", "--email", "o@example.com", "--json"])
        #expect(try outcome.status == 2 && outcome.errorCode() == "command.no_terminal", "\(outcome)")
    }

    @Test func whatIsFetchedIsWhatTheServerSays() async throws {
        let (size, hash) = (5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        let run = #"{"id":"r1","object_key":"a/b","size_bytes":\#(size),"sha256":"\#(hash)","is_encrypted":true}"#
        let store = try await ScriptedAPI { request in
            request.path.contains("/good") ? .init(200, "hello") : .init(200, "hullo")
        }
        for (name, isGood) in [("good", true), ("other", false)] {
            let api = try await ScriptedAPI { request in
                switch request.path {
                case "/v1/runs/r1": .init(200, run)
                case "/v1/runs/r1/download-url":
                    .init(200, #"{"url":"https://localhost:\#(store.port)/\#(name)?Signature=s"}"#)
                case "/v1/runs/r1/decryption-token": .init(200, #"{"token":"the.to.ken"}"#)
                default: .init(404, "")
                }
            }
            let download = [
                "download", "--run", "r1", "-o", folder(name), "--decryption-token", folder("\(name).token"), "--json",
            ]
            let outcome = try Commands.backupy(download, environment: try environment(api))
            #expect((outcome.status == 0) == isGood, "\(outcome)")
            #expect(FileManager.default.fileExists(atPath: folder(name)) == isGood)
            #expect(FileManager.default.fileExists(atPath: folder("\(name).token")) == isGood)
            guard isGood else {
                #expect(try outcome.errorCode() == "pipeline.stored_bytes_differ", "\(outcome)")
                continue
            }
            let modes = try FileManager.default.attributesOfItem(atPath: folder("good.token"))
            #expect(modes[.posixPermissions] as? Int == 0o600)
            #expect(try String(contentsOfFile: folder("good"), encoding: .utf8) == "hello")
            #expect(try Commands.backupy(download, environment: try environment(api)).errorCode() == "core.file_exists")
            #expect(!store.requests.contains { $0.token == MemoryAPI.token }, "the store gets no token of the server")
        }
    }

    @Test func whatIsInTheWayOfARunIsSaid() async throws {
        let error = #"{"code":"driver.x","message":"refused","hint":"grant it"}"#
        let run = #"{"id":"r1","status":"failed","object_key":"web-1/shop/2026/x","error":\#(error)}"#
        let api = try await ScriptedAPI { request in
            switch (request.method, request.path.prefix { $0 != "?" }) {
            case ("GET", "/v1/agents"):
                .init(200, #"{"items":[{"id":"a1","name":"web-1","is_connected":false}],"next_cursor":null}"#)
            case ("GET", "/v1/agents/a1/jobs"):
                .init(200, #"{"items":[{"id":"j1","name":"nightly"}],"next_cursor":null}"#)
            case ("POST", "/v1/jobs/j1/run"): .init(202, #"{"id":"r1","status":"pending"}"#)
            case ("GET", "/v1/runs"): .init(200, #"{"items":[\#(run)],"next_cursor":null}"#)
            case ("POST", "/v1/runs/r1/restore"): .init(202, #"{"id":"x1","status":"pending"}"#)
            case ("GET", "/v1/restores/x1"):
                .init(200, #"{"id":"x1","status":"failed","target_state":"unchanged","error":\#(error)}"#)
            default: .init(200, run)
            }
        }
        let environment = try environment(api)
        let outcome = try Commands.backupy(["run", "nightly", "--wait"], environment: environment)
        #expect(outcome.status == 1 && outcome.errors.contains("agent web-1 is not connected"), "\(outcome)")
        #expect(outcome.errors.contains("grant it; see 'backupy logs r1'"), "\(outcome)")
        let restored = try Commands.backupy(["restore", "--run", "r1", "--wait"], environment: environment)
        #expect(restored.errors.contains("grant it; the database is as it was"), "\(restored)")
        #expect(try Commands.backupy(["runs"], environment: environment).output.contains("r1   web-1/shop  failed"))
    }

    @Test(arguments: [
        (["file:///srv", "--run", "r1"], "command.restore_from_two"), ([], "command.missing"),
        (["--run", "r1", "--source", "h/a"], "command.not_with_run"),
        (["file:///srv", "--decryption-token", "t"], "command.only_with_run"),
    ])
    func aDownloadIsFromAStoreOrThroughAServer(_ arguments: [String], _ code: String) throws {
        let outcome = try Commands.backupy(["download", "-o", folder("x"), "--json"] + arguments)
        #expect(try outcome.status == 2 && outcome.errorCode() == code, "\(outcome)")
    }
}
