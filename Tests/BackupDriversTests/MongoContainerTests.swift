import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// A MongoDB server that only the tools in its own container reach; server and tools are stand-ins (``MongoTests``).
@Suite struct MongoContainerTests {
    private static let password = "s3cret'pass \"word#$(id)"

    /// A container `mongo` in which the server runs, with its tools in PATH.
    private func start(_ engine: DockerEngine, tools: TemporaryFolder) async throws {
        let python = try TestTools.path("python")
        let places = try TestProcess.run(python, ["-c", "import sys; print(sys.prefix, sys.base_prefix)"]).output
            .split(whereSeparator: \.isWhitespace).map(String.init)
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        for (name, script) in [
            ("mongodump", "mongo-stand-in.py"), ("mongorestore", "mongo-stand-in.py"),
            ("mongosh", "mongosh-stand-in.py"),
        ] {
            let text = try "#!\(python)\n" + String(contentsOf: fixtures.appending(path: script), encoding: .utf8)
            _ = FileManager.default.createFile(
                atPath: tools(name), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
        }
        // Users are made while everyone may do everything.
        let script = """
            "$1"/bin/secantusd-py --host 127.0.0.1 --port 27017 --storage-path /data/mongo & server=$!
            until "$1"/bin/python -c 'import pymongo, sys
            c = pymongo.MongoClient(serverSelectionTimeoutMS=1000)
            c.admin.command("createUser", "owner", pwd=sys.argv[1], roles=["root"])' "$MARK"; do sleep 0.1; done
            kill $server; wait $server || true
            unset MARK
            exec "$1"/bin/secantusd-py --host 127.0.0.1 --port 27017 --storage-path /data/mongo --auth
            """
        let mounts =
            places.flatMap { ["--volume", "\($0):\($0):ro"] } + ["--volume", "\(tools.path):\(tools.path):ro"]
        try engine.run(
            "mongo", ["/bin/sh", "-euc", script, "sh", places[0]],
            options: mounts + ["--env", "PATH=\(tools.path):/usr/bin:/bin", "--env", "MARK=\(Self.password)"])
        try await eventually("the server runs in its container", within: .seconds(90)) {
            (try? await driver("app", engine).probe()) != nil
        }
    }

    private func driver(_ database: String, password: String = password, _ engine: DockerEngine) throws
        -> any DatabaseDriver
    {
        let secret = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try DriverRegistry.driver(
            for: "mongodb://owner:\(secret)@localhost/\(database)?authSource=admin", environment: [:],
            container: try ContainerReference("mongo", socket: engine.socket))
    }

    private func python(_ engine: DockerEngine, _ script: String) throws -> String {
        try engine.docker([
            "exec", "mongo", TestTools.path("python"), "-c",
            "import pymongo, sys\nc = pymongo.MongoClient('localhost', username='owner', password=sys.argv[1])\n"
                + script,
            Self.password,
        ])
    }

    @Test func roundTripAndCancel() async throws {
        let (engine, tools) = (try await DockerEngine(), try TemporaryFolder(mode: 0o755))
        try await start(engine, tools: tools)
        _ = try python(engine, "c.app.t.insert_many([{'_id': i, 'x': 'y' * 1000} for i in range(5000)])")
        let source = try driver("app", engine)
        #expect(source.host == "mongo" && source.databaseName == "app")
        let facts = try await source.probe()
        #expect(!facts.isEmpty && facts.toolVersion == "mongodump 100.0.0")
        let seen = Mutex(false)
        let dumped = try await source.dump(counting: true) { bytes in
            try await BlockingThread.run("test") {
                var all: [UInt8] = []
                let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                defer { space.deallocate() }
                while case let count = try bytes.read(into: space), count > 0 {
                    all += space[..<count]
                    if isVisible(Self.password) { seen.withLock { $0 = true } }
                }
                return all
            }
        }
        let copy = try driver("copy", engine)
        let restored = DumpFacts(engine: .mongodb, engineVersion: facts.engineVersion)
        try await copy.restore(restored, options: RestoreOptions()) { sink in
            try await BlockingThread.run("test") {
                try dumped.value.withUnsafeBytes { try sink.write($0) }
                if isVisible(Self.password) { seen.withLock { $0 = true } }
            }
        }
        #expect(!seen.withLock { $0 }, "nobody sees the password")
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.databases.first?.rowCount == 5000)
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        await #expect(throws: DriverError.notEmpty("copy")) {
            try await copy.restored(dumped.value, from: facts.engineVersion)
        }
        let wrong = await #expect(throws: DriverError.self) {
            try await driver("app", password: "wrong pass", engine).probe()
        }
        #expect(wrong?.code == "driver.authentication_failed" && wrong?.message.contains("wrong pass") == false)

        // Cancelled, while the dump waits for its reader.
        let started = Monitor(false)
        let task = Task {
            try await source.dump(counting: false) { bytes in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
                    defer { space.deallocate() }
                    _ = try bytes.read(into: space)
                    started.update { $0 = true }
                    while try bytes.read(into: space) > 0 { usleep(100_000) }
                }
            }
        }
        try await BlockingThread.run("test") { started.wait { $0 ? () : nil } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try !engine.docker(["top", "mongo"]).contains("mongodump"))

        // A container without MongoDB's shell says so.
        try engine.run("box", ["/bin/sleep", "600"])
        let none = try DriverRegistry.driver(
            for: "mongodb://localhost/app", environment: [:],
            container: try ContainerReference("box", socket: engine.socket))
        let missing = await #expect(throws: DriverError.self) { try await none.probe() }
        #expect(missing == .toolNotFound("mongosh or mongo (in container 'box')"))
    }
}
