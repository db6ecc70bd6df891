import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// What all the tools that restore, or dump, have to live with: the same for every engine.
@Suite struct RestoreToolTests {
    enum Engine: String, CaseIterable {
        case mariadb
        case redis
        case mongodb
    }

    /// A server with a few megabytes of data, and how to reach another place for them.
    private struct Setup {
        let server: AnyObject
        let target: AnyObject
        let url: String
        let targetURL: String
        let password: String
        /// The restore tool, and the calls of it that are none.
        let tool: String
        let others: String
        let path: String
        let tools = try? TemporaryFolder()

        func driver(_ url: String, path: String? = nil) throws -> any DatabaseDriver {
            try DriverRegistry.test(url, environment: ["PATH": path ?? self.path, "TMPDIR": tools?.path ?? "/tmp"])
        }
    }

    private func setup(_ engine: Engine) async throws -> Setup {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        switch engine {
        case .mariadb:
            let server = try await MariaDBServer()
            try server.createDatabase("app")
            try server.sql("CREATE TABLE t AS SELECT seq, REPEAT('x', 1000) FROM seq_1_to_8000", in: "app")
            try server.createDatabase("copy")
            return Setup(
                server: server, target: server, url: server.url("app"), targetURL: server.url("copy"),
                password: MariaDBServer.password, tool: "mariadb",
                others: "*--version*|*--help*|*--skip-column-names*", path: path)
        case .redis:
            let password = "s3cret'pass \"word#\\"
            let (server, target) = (
                try await RedisServer(password: password), try await RedisServer(password: password)
            )
            let script = "for n = 1, 8000 do redis.call('SET', 'k' .. n, redis.sha1hex(n) .. string.rep(n, 200)) end"
            try server.command(["CONFIG", "SET", "rdbcompression", "no"])
            try server.command(["EVAL", script, "0"])
            return Setup(
                server: server, target: target, url: server.url(), targetURL: target.url(), password: password,
                tool: "redis-cli", others: "*--version*|*INFO*", path: path)
        case .mongodb:
            let server = try await MongoServer()
            try server.run("c.app.t.insert_many([{'_id': i, 'x': 'y' * 1000} for i in range(8000)])")
            let folder = try TemporaryFolder()
            let script = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/mongo-stand-in.py").path
            return Setup(
                server: [server, folder] as NSArray, target: server, url: server.url("app"),
                targetURL: server.url("copy"), password: MongoServer.password, tool: "mongorestore",
                others: "*--version*", path: try MongoServer.toolsPath(standIn: script, in: folder))
        }
    }

    /// Missing, killed half-way, or with very much to say; and at the end a restore that works, whose password nobody sees.
    @Test(arguments: Engine.allCases) func toolsOfARestoreThatFail(_ engine: Engine) async throws {
        let setup = try await setup(engine)
        let source = try setup.driver(setup.url)
        let facts = try await source.probe()
        let dump = try await source.dumped()
        #expect(dump.count > 4 << 20)
        let bad = try TemporaryFolder()
        func failing(_ script: String?) async throws -> (any BackupError)? {
            try? FileManager.default.removeItem(atPath: bad(setup.tool))
            if let script {
                let text = """
                    #!/bin/bash
                    real=$(PATH=\(setup.path) command -v \(setup.tool))
                    case "$*" in \(setup.others)) exec "$real" "$@";; esac
                    \(script)
                    """
                _ = FileManager.default.createFile(
                    atPath: bad(setup.tool), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
            }
            let target = try setup.driver(setup.targetURL, path: bad.path)
            do {
                try await target.restored(dump, from: facts.engineVersion, .with { $0.overwrite = true })
                return nil
            } catch let error as any BackupError {
                return error
            }
        }
        let missing = try await failing(nil)
        #expect(missing?.code == "driver.tool_not_found" && missing?.message.contains(setup.tool) == true)
        let half = "/usr/bin/head -c 300000 | \"$real\" \"$@\" >/dev/null 2>&1; kill -9 $$"
        let killed = try await failing(half) as? RestoreFailure
        #expect(killed?.message.contains("signal 9") == true, "\(String(describing: killed))")
        #expect([.partial, .unchanged].contains(killed?.state), "it is known what is there")
        let loud = try await failing("/usr/bin/yes trouble | /usr/bin/head -c 50000000 >&2; exit 3") as? RestoreFailure
        #expect(
            loud?.message.contains("exit status 3") == true && (loud?.message.utf8.count ?? .max) < 8192,
            "\(String(describing: loud?.message.prefix(200)))")
        let target = try setup.driver(setup.targetURL)
        try await unseen(setup.password) {
            try await target.restored(dump, from: facts.engineVersion, .with { $0.overwrite = true })
        }
        let expected = try #require(try await source.fingerprint())
        #expect(expected.differences(in: try #require(try await target.fingerprint())) == [])
    }

    @Test(arguments: [Engine.redis, .mongodb]) func cancellingEndsTheDumpTool(_ engine: Engine) async throws {
        let setup = try await setup(engine)
        let driver = try setup.driver(setup.url)
        let started = Monitor(false)
        let task = Task {
            try await driver.dump(counting: true) { source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
                    defer { space.deallocate() }
                    _ = try source.read(into: space)
                    started.update { $0 = true }
                    // Nobody reads on: the tool waits in its pipe.
                    while try source.read(into: space) > 0 { usleep(100_000) }
                }
            }
        }
        try await BlockingThread.run("test") { started.wait { $0 ? () : nil } }
        // What is in the command line of this server's tool, and of no other.
        let sign = (setup.server as? RedisServer).map { "-p\0\($0.port)" } ?? "--config=\(setup.tools?.path ?? "")"
        #expect(!processes(with: sign).isEmpty, "it runs")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(processes(with: sign).isEmpty)
    }
}
