import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupDrivers

/// Passwords that nobody may see, and tools that misbehave.
@Suite struct PostgreSQLToolTests {
    private static let passwords = [
        "-h", "--help", "; rm -rf x", "$(id)", "o'brien\"s \\", "new\nline", "sp ace", "пароль", "emoji 🐘", "%00%",
        "a=b&c",
        "e\u{301}'\u{600}'", String(repeating: "long", count: 50),
    ].enumerated().map { "geheim-\($0)-\($1)" }

    /// Real logins with scram-sha-256, and a look at every process of this machine while each tool runs.
    @Test func passwordsAreDataAndNobodySeesThem() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql(
            "CREATE TABLE t AS SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 5000) AS i", in: "app")
        let running = "port='\(server.port)'"
        for (number, password) in Self.passwords.enumerated() {
            let literal = password.replacingBytes("'", with: "''")
            try server.sql("CREATE ROLE r\(number) SUPERUSER LOGIN PASSWORD '\(literal)'")
            let source = try DriverRegistry.test(server.url("app", user: "r\(number)", password: password))
            // The tool has more to write than its pipe takes, or waits for more to read.
            let looked: @Sendable () async throws -> Void = {
                try await eventually("the tool runs") { !processes(with: running).isEmpty }
                #expect(processes(with: "geheim-\(number)-").isEmpty)
            }
            let dumped = try await source.dump(counting: true) { bytes in
                try await looked()
                return try await BlockingThread.run("test") {
                    var all: [UInt8] = []
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                    defer { space.deallocate() }
                    while case let count = try bytes.read(into: space), count > 0 { all += space[..<count] }
                    return all
                }
            }
            let copy = try DriverRegistry.test(server.url("copy\(number)", user: "r\(number)", password: password))
            let facts = DumpFacts(engine: .postgresql, engineVersion: "PostgreSQL 15.0")
            try await copy.restore(facts, options: .with { $0.create = true }) { sink in
                try await looked()
                try await BlockingThread.run("test") { try dumped.value.withUnsafeBytes { try sink.write($0) } }
            }
            let found = try #require(try await copy.fingerprint())
            #expect(try dumped.fingerprint?.get().differences(in: found) == [], "\(password)")
        }
    }

    @Test func overAUnixSocket() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t AS SELECT 42 AS answer", in: "app")
        let folder = server.folder.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let password = PostgreSQLServer.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let url = { (name: String) in "postgres://owner:\(password)@/\(name)?host=\(folder)&port=\(server.port)" }
        let driver = try DriverRegistry.test(url("app"))
        #expect(driver.host == LocalHost.name)
        let dump = try await driver.dumped()
        try await DriverRegistry.test(url("copy")).restored(dump, from: "PostgreSQL 15.0", .with { $0.create = true })
        #expect(try server.sql("SELECT answer FROM t", in: "copy") == "42")
    }

    /// A place where the tools are what a test puts there.
    private struct Place: ToolPlace {
        let folder: TemporaryFolder
        let local = LocalTools(environment: ProcessInfo.processInfo.environment)
        var sharesFiles: Bool { local.sharesFiles }
        var host: String { local.host }

        func find(_ name: String, alsoIn places: [String]) -> [String] {
            folder.files().contains(name) ? [folder(name)] : []
        }
        func environment(prefixes: [String]) -> [String: String] { local.environment(prefixes: prefixes) }
        func run(_ tool: DumpTool, stdin: Int32?, stdout: Int32?, stderr: Int32) async throws -> ToolEnding {
            try await local.run(tool, stdin: stdin, stdout: stdout, stderr: stderr)
        }
        func withSettings<R>(
            _ settings: Secret, temporary: String, _ body: (String, [String: String]) async throws -> R
        ) async throws -> R {
            try await local.withSettings(settings, temporary: temporary, body)
        }
    }

    /// What the tool does, the error's code, and a part of its message; nil for a tool that is not there.
    private static let misbehaviour: [(does: String?, code: String, says: String)] = [
        (nil, "driver.tool_not_found", "was not found"),
        ("exit 0", "driver.tool_too_old", "9.6.1"),
        ("PASS; kill -9 $$", "driver.tool_failed", "signal 9"),
        ("PASS; echo some words >&2; exit 3", "driver.tool_failed", "exit status 3: some words"),
        (
            "PASS; head -c 8000000 /dev/zero | tr '\\0' x >&2; echo; echo the end >&2; exit 1", "driver.tool_failed",
            "the end"
        ),
        ("head -c 8000000 /dev/zero | tr '\\0' x >&2; PASS; exit 1", "driver.tool_failed", "xxxx"),
    ]

    @Test func aToolThatMisbehavesMakesNoDumpAndNoRestore() async throws {
        let server = try await PostgreSQLServer()
        let major = try server.sql("SHOW server_version_num").dropLast(4)
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t ()", in: "app")
        for (does, code, says) in Self.misbehaviour {
            let place = Place(folder: try TemporaryFolder())
            for (tool, part) in [
                ("pg_dump", "printf PGDMP; head -c 200000 /dev/zero"), ("pg_restore", "head -c 1000 >/dev/null"),
            ] {
                guard let does else { break }
                let version = code == "driver.tool_too_old" ? "9.6.1" : "\(major).1"
                try place.folder.script(
                    tool,
                    "case $* in *--version*) echo '\(tool) (PostgreSQL) \(version)'; exit;; esac\n"
                        + does.replacing("PASS", with: part))
            }
            func driver(_ name: String) throws -> PostgreSQLDriver {
                let target = try PostgreSQLTarget(server.url(name), environment: [:], place: place)
                return PostgreSQLDriver(PostgreSQLAccess(target: target, tools: PostgreSQLTools(in: place)))
            }
            let dump = await #expect(throws: DriverError.self, "\(says)") { try await driver("app").dumped() }
            expect(dump, code, says)
            let restore = await #expect(throws: (any Error).self, "\(says)") {
                try await driver("new").restored(
                    [UInt8](repeating: 0, count: 3_000_000), from: "PostgreSQL 15.0", .with { $0.create = true })
            }
            expect(restore as? any BackupError, code, says)
            #expect(try server.sql("SELECT count(*) FROM pg_database WHERE datname = 'new'") == "0")
        }
    }

    private func expect(_ error: (any BackupError)?, _ code: String, _ says: String) {
        #expect(
            error?.code == code && error?.message.contains(says) == true && (error?.message.utf8.count ?? 0) < 5000,
            "\(says): \(String(describing: error?.message.suffix(200)))")
    }
}
