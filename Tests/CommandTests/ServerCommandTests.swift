import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// The commands for a server, as a person runs them.
@Suite struct ServerCommandTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func environment(_ api: ScriptedAPI, token: String = MemoryAPI.token) throws -> [String: String] {
        [
            "BACKUPY_SERVER": "https://localhost:\(api.port)", "BACKUPY_TOKEN": token,
            "BACKUPY_CA_FILE": try TestAuthority.shared.get().file, "XDG_CONFIG_HOME": folder("config"),
        ]
    }

    private func memory() async throws -> (ScriptedAPI, MemoryAPI, [String: String]) {
        let memory = MemoryAPI()
        let api = try await ScriptedAPI { memory.answer($0) }
        return (api, memory, try environment(api))
    }

    @Test func aLoginIsKeptPrivatelyUntilLogout() async throws {
        let (api, _, environment) = try await memory()
        let alone = ["XDG_CONFIG_HOME": folder("config")]
        #expect(try Commands.backupy(["agents", "--json"], environment: alone).errorCode() == "remote.not_logged_in")
        let ca = try TestAuthority.shared.get().file
        let login = ["login", "https://localhost:\(api.port)/", "--ca-file", ca, "--json"]
        #expect(
            try Commands.backupy(login, environment: alone.merging(["BACKUPY_TOKEN": "wrong"]) { $1 }).errorCode()
                == "remote.unauthorized")
        #expect(!FileManager.default.fileExists(atPath: folder("config/backupy/login.json")))
        let outcome = try Commands.backupy(
            login, environment: alone.merging(["BACKUPY_TOKEN": MemoryAPI.token]) { $1 })
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.json()["email"] as? String == "owner@example.com")
        let mode = try FileManager.default.attributesOfItem(atPath: folder("config/backupy/login.json"))
        #expect(mode[.posixPermissions] as? Int == 0o600)
        #expect(try Commands.backupy(["agents"], environment: alone).status == 0)

        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: folder("config/backupy/login.json"))
        #expect(try Commands.backupy(["agents", "--json"], environment: alone).errorCode() == "command.public_file")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder("config/backupy/login.json"))
        #expect(try Commands.backupy(["logout"], environment: alone).status == 0)
        #expect(api.requests.contains { $0.method == "POST" && $0.path == "/v1/auth/logout" })
        #expect(try Commands.backupy(["agents", "--json"], environment: alone).errorCode() == "remote.not_logged_in")
        #expect(try Commands.backupy(["agents"], environment: environment).status == 0)
    }

    @Test func agentsAreMadeListedAndRemoved() async throws {
        let (api, memory, environment) = try await memory()
        let added = try Commands.backupy(["agents", "add", "web-1"], environment: environment)
        #expect(added.status == 0 && added.output.contains("BACKUPY_AGENT_KEY: bkpy_live_1"), "\(added)")
        #expect(try Commands.backupy(["agents"], environment: environment).output.contains("web-1  never seen"))
        let rotated = try Commands.backupy(["agents", "rotate-key", "web-1"], environment: environment)
        #expect(rotated.output.contains("bkpy_live_new"))
        let remove = ["agents", "remove", "web-1"]
        #expect(
            try Commands.backupy(remove + ["--json"], environment: environment).errorCode() == "command.no_terminal")
        #expect(memory.count("/agents") == 1)
        #expect(try Commands.backupy(remove + ["--yes"], environment: environment).status == 0)
        #expect(memory.count("/agents") == 0)
        let missing = try Commands.backupy(remove + ["--yes", "--json"], environment: environment)
        #expect(try missing.errorCode() == "remote.no_such_thing")
        #expect(api.requests.allSatisfy { $0.token == MemoryAPI.token })
    }

    @Test func whatIsAppliedTwiceIsAppliedOnce() async throws {
        let (api, memory, given) = try await memory()
        let environment = given.merging(["KEY_ID": "AK", "SECRET": "s3cret"]) { $1 }
        try ApplyFileTests.file.write(toFile: folder("f.yaml"), atomically: true, encoding: .utf8)
        let apply = ["apply", "-f", folder("f.yaml")]
        let dry = try Commands.backupy(apply + ["--dry-run"], environment: environment)
        #expect(dry.status == 0 && dry.output.contains("+ create job web-1/nightly") && memory.count("/agents") == 0)
        #expect(try Commands.backupy(apply, environment: environment).errors.contains("there is no terminal"))
        #expect(memory.count("/agents") == 0)
        let first = try Commands.backupy(apply + ["--yes"], environment: environment)
        #expect(first.status == 0 && first.output.contains("bkpy_live_"), "\(first)")
        #expect(!first.output.contains("s3cret") && api.requests.contains { $0.body.contains("s3cret") })
        let count = api.requests.count(where: { $0.method != "GET" })
        let second = try Commands.backupy(apply + ["--yes", "--prune"], environment: environment)
        #expect(second.output == "Nothing to do: the server has all of it already\n", "\(second)")
        #expect(api.requests.count(where: { $0.method != "GET" }) == count)

        let exported = try Commands.backupy(["export"], environment: environment)
        try exported.output.write(toFile: folder("g.yaml"), atomically: true, encoding: .utf8)
        let again = try Commands.backupy(["apply", "-f", folder("g.yaml"), "--yes"], environment: environment)
        #expect(again.status == 0 && again.output.hasPrefix("Nothing to do"), "\(again) \(exported)")
    }

    @Test func aPlanThatStopsSaysHowFarItCame() async throws {
        let (api, memory, environment) = try await memory()
        try ApplyFileTests.file.replacing("    secret_reference: env:PGPASSWORD", with: "    password: ${NOBODY}")
            .write(toFile: folder("f.yaml"), atomically: true, encoding: .utf8)
        let outcome = try Commands.backupy(
            ["apply", "-f", folder("f.yaml"), "--yes"],
            environment: environment.merging(["KEY_ID": "AK", "SECRET": "s"]) { $1 })
        #expect(outcome.status == 1 && outcome.errors.contains("2 of 4 changes were made"), "\(outcome)")
        #expect(outcome.output.contains("bkpy_live_"), "the agent's key is shown all the same")
        #expect(memory.count("/agents") == 1)
        #expect(!api.requests.contains { $0.body.contains("NOBODY") })
    }

    @Test func aRunAndARestoreAreFollowedToTheirEnds() async throws {
        let (api, _, environment) = try await memory()
        try ApplyFileTests.file.write(toFile: folder("f.yaml"), atomically: true, encoding: .utf8)
        let secrets = environment.merging(["KEY_ID": "AK", "SECRET": "s"]) { $1 }
        #expect(try Commands.backupy(["apply", "-f", folder("f.yaml"), "--yes"], environment: secrets).status == 0)
        for job in ["nightly", "web-1/nightly"] {
            let outcome = try Commands.backupy(["run", job, "--wait", "--json"], environment: environment)
            #expect(try outcome.status == 0 && outcome.json()["status"] as? String == "success", "\(outcome)")
        }
        #expect(try Commands.backupy(["run", "web-2/nightly"], environment: environment).status == 1)
        let restore = ["restore", "--run", "r1", "--to", "web-1/shop", "--into", "copy", "--create", "--wait"]
        let outcome = try Commands.backupy(restore, environment: environment)
        #expect(outcome.status == 0 && outcome.output.contains("success"), "\(outcome)")
        let body = try #require(api.requests.last { $0.path == "/v1/runs/r1/restore" }?.body)
        #expect(body.contains("\"database\":\"copy\"") && body.contains("\"target_id\":\"id3\""), "\(body)")
        for arguments in [["runs"], ["jobs"], ["targets"], ["logs", "r1"]] {
            #expect(try Commands.backupy(arguments, environment: environment).status == 0)
            #expect(try Commands.backupy(arguments + ["--json"], environment: environment).json()["items"] != nil)
        }
    }

    @Test(arguments: [
        (TestAuthority.Certificate.otherAuthority, "remote.untrusted_certificate"),
        (.expired, "remote.untrusted_certificate"), (.wrongName, "remote.wrong_name"),
    ])
    func aWrongCertificateIsExplained(_ certificate: TestAuthority.Certificate, _ code: String) async throws {
        let api = try await ScriptedAPI(certificate: certificate) { _ in .init(200, "{}") }
        let outcome = try Commands.backupy(["agents", "--json"], environment: environment(api))
        #expect(try outcome.errorCode() == code && api.requests.isEmpty, "\(outcome)")
    }

    @Test func aServerWithoutTLSGetsNoToken() async throws {
        let api = try await ScriptedAPI(certificate: nil) { _ in .init(200, #"{"items":[],"next_cursor":null}"#) }
        let secure = try Commands.backupy(["agents", "--json"], environment: environment(api))
        #expect(try secure.errorCode() == "remote.tls" && api.requests.isEmpty, "\(secure)")
        var environment = try environment(api)
        environment["BACKUPY_SERVER"] = "http://backups.example.com:\(api.port)"
        #expect(
            try Commands.backupy(["agents", "--json"], environment: environment).errorCode()
                == "remote.insecure_address")
        environment["BACKUPY_SERVER"] = "http://localhost:\(api.port)"
        #expect(try Commands.backupy(["agents"], environment: environment).status == 0)
    }

    @Test func aBusyServerIsAskedAgainAfterTheTimeThatItNames() async throws {
        let refused = Mutex(0)
        let api = try await ScriptedAPI { _ in
            refused.withLock { count in
                count += 1
                guard count > 1 else { return .init(429, "{}", headers: ["Retry-After": "1"]) }
                return .init(200, #"{"items":[],"next_cursor":null}"#)
            }
        }
        #expect(try Commands.backupy(["agents"], environment: environment(api)).status == 0)
        #expect(api.requests.count == 2)
    }

    @Test(arguments: [
        (403, #"{"error":{"code":"PERMISSION_DENIED","message":"no"}}"#, "remote.denied"),
        (
            422, #"{"error":{"code":"VALIDATION_ERROR","message":"no","details":[{"field":"a","reason":"b"}]}}"#,
            "remote.invalid"
        ),
        (409, #"{"error":{"code":"CONFLICT","message":"no"}}"#, "remote.conflict"),
        (412, #"{"error":{"code":"PRECONDITION_FAILED","message":"no"}}"#, "remote.precondition"),
        (500, "oops", "remote.failed"), (404, "<html>", "remote.unexpected_answer"),
        (200, "<html>", "remote.unexpected_answer"), (200, #"{"items":7}"#, "remote.unexpected_answer"),
        (302, "", "remote.unexpected_answer"), (503, #"{"error":{"code":"X_NEW","message":"no"}}"#, "remote.failed"),
    ])
    func whatAServerRefusesIsExplained(_ status: Int, _ body: String, _ code: String) async throws {
        let api = try await ScriptedAPI { _ in .init(status, body) }
        let outcome = try Commands.backupy(["agents", "--json"], environment: environment(api))
        #expect(try outcome.status == 1 && outcome.errorCode() == code && api.requests.count == 1, "\(outcome)")
        #expect(!outcome.errors.contains(MemoryAPI.token))
    }

    @Test func anAnswerWithoutAnEndIsRefused() async throws {
        let api = try await ScriptedAPI { _ in .init(200, String(repeating: " ", count: (8 << 20) + 1)) }
        let outcome = try Commands.backupy(["agents", "--json"], environment: environment(api))
        #expect(try outcome.errorCode() == "remote.answer_too_large" && api.requests.count == 1, "\(outcome)")
    }
}
