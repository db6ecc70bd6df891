import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Databases that only the tools in their own container can reach: there is no network between.
@Suite struct ContainerTests {
    private func driver(_ url: String, _ name: String, _ engine: DockerEngine) throws -> any DatabaseDriver {
        try DriverRegistry.driver(
            for: url, environment: [:], container: try ContainerReference(name, socket: "unix://" + engine.socket))
    }

    private func postgres(_ engine: DockerEngine, name: String = "pg") async throws {
        let bin = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap { Int($0) }.max())
        let script = """
            initdb -D /data/pg -U owner --auth=scram-sha-256 --pwfile=/dev/stdin -E UTF8 --no-locale --no-sync >/dev/null <<'X'
            s3cret'pass
            X
            exec postgres -D /data/pg -c listen_addresses= -c unix_socket_directories=/run/postgresql -c fsync=off
            """
        try engine.run(
            name, ["/bin/sh", "-euc", script],
            options: ["--user", "postgres", "--env", "PATH=/usr/lib/postgresql/\(bin)/bin:/usr/bin:/bin"])
        try await eventually("PostgreSQL runs in its container", within: .seconds(60)) {
            (try? engine.docker(["exec", name, "pg_isready", "-q"])) != nil
        }
    }

    private func psql(_ engine: DockerEngine, _ database: String, _ sql: String) throws -> String {
        try engine.docker(
            [
                "exec", "--env", "PGPASSWORD=s3cret'pass", "pg", "psql", "-XqAt", "-U", "owner", "-d", database, "-c",
                sql,
            ])
    }

    private static let password = "s3cret%27pass"

    @Test func postgreSQL() async throws {
        let engine = try await DockerEngine()
        try await postgres(engine)
        _ = try psql(engine, "postgres", "CREATE DATABASE \"--help ü\"")
        _ = try psql(
            engine, "--help ü",
            "CREATE TABLE t AS SELECT i, repeat(md5(i::text), 30) AS x, NULL::text AS n, E'a\\nb\\tc'::text AS e FROM generate_series(1, 40000) AS i"
        )
        let source = try driver("postgres://owner:\(Self.password)@/--help%20%C3%BC", "pg", engine)
        #expect(source.host == "pg")
        let facts = try await source.probe()
        #expect(
            !facts.isEmpty && facts.engineVersion.contains(/^PostgreSQL [1-9][0-9]/) && (facts.sizeBytes ?? 0) > 1 << 20
        )
        let seen = Mutex(false)
        let dumped = try await source.dump(counting: true) { bytes in
            try await BlockingThread.run("test") {
                var all: [UInt8] = []
                let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                defer { space.deallocate() }
                while case let count = try bytes.read(into: space), count > 0 {
                    all += space[..<count]
                    if !processes(with: "s3cret'pass").filter({ $0 != getpid() }).isEmpty {
                        seen.withLock { $0 = true }
                    }
                }
                return all
            }
        }
        #expect(dumped.value.count > 38_000_000 && !seen.withLock { $0 })
        let copy = try driver("postgres://owner:\(Self.password)@/copy", "pg", engine)
        try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.create = true })
        let content = "SELECT md5(string_agg(t::text, ',' ORDER BY i)) FROM t"
        #expect(try psql(engine, "copy", content) == psql(engine, "--help ü", content))
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.moment == .dump, "the session inside shares its snapshot with pg_dump")
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        #expect(fingerprint.databases.first?.rowCount == 40_000)
        // All of the server too.
        let all = try driver("postgres://owner:\(Self.password)@", "pg", engine)
        _ = try psql(engine, "postgres", "CREATE ROLE \"ann o'x\"; COMMENT ON ROLE \"ann o'x\" IS E'a\\\\b'")
        let everything = try await all.dumpedWithFingerprint()
        let whole = try #require(try everything.fingerprint?.get())
        #expect(whole.databases.map(\.name) == ["--help ü", "copy", "postgres"])
        for name in ["DATABASE \"--help ü\"", "DATABASE copy", "ROLE \"ann o'x\""] {
            _ = try psql(engine, "postgres", "DROP " + name)
        }
        try await all.restored(everything.value, from: facts.engineVersion)
        #expect(whole.differences(in: try #require(try await all.fingerprint())) == [])
        let comment = "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = 'ann o''x'"
        #expect(try psql(engine, "postgres", comment) == "a\\b")

        await #expect(throws: DriverError.notEmpty("copy")) {
            try await copy.restored(dumped.value, from: facts.engineVersion)
        }
        await #expect(throws: DriverError.unknownDatabase("missing")) {
            try await driver("postgres://owner:\(Self.password)@/missing", "pg", engine).probe()
        }
        let wrong = await #expect(throws: DriverError.self) {
            try await driver("postgres://owner:wrong@/copy", "pg", engine).probe()
        }
        #expect(wrong?.code == "driver.cannot_connect" && wrong?.message.contains("authentication failed") == true)
        // What is wrong with the container is not wrong with the tools.
        for (name, code) in [("nobody", "driver.no_such_container"), ("stopped", "driver.container_not_running")] {
            if name == "stopped" {
                try engine.run(name, ["/bin/sleep", "600"])
                try engine.docker(["stop", "--time", "0", name])
            }
            let error = await #expect(throws: DriverError.self) {
                try await driver("postgres://owner@/copy", name, engine).probe()
            }
            #expect(error?.code == code)
        }
        try engine.run("bare", ["/bin/sleep", "600"], options: ["--env", "PATH=/nowhere"])
        let bare = await #expect(throws: DriverError.self) {
            try await driver("postgres://owner@/copy", "bare", engine).probe()
        }
        #expect(bare?.message == "psql (in container 'bare') was not found")
    }

    @Test func mariaDB() async throws {
        let engine = try await DockerEngine()
        let script = """
            mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir=/data/my >/dev/null
            exec mariadbd --no-defaults --datadir=/data/my --skip-networking --socket=/run/mysqld/mysqld.sock --pid-file=/tmp/pid
            """
        try engine.run(
            "my", ["/bin/sh", "-euc", script], options: ["--user", "nobody", "--env", "PATH=/usr/bin:/usr/sbin:/bin"])
        func sql(_ text: String) throws -> String {
            try engine.docker(["exec", "my", "mariadb", "--no-defaults", "-uroot", "-BNe", text])
        }
        try await eventually("MariaDB runs in its container", within: .seconds(60)) { (try? sql("SELECT 1")) != nil }
        _ = try sql(
            "CREATE USER ann IDENTIFIED BY 'p''w-s3cret'; GRANT ALL ON *.* TO ann; CREATE DATABASE app; CREATE TABLE app.t AS SELECT seq AS i, REPEAT('x', 900) AS x FROM app.seq_1_to_20000"
        )
        let source = try driver("mysql://ann:p%27w-s3cret@/app", "my", engine)
        let facts = try await source.probe()
        let copy = try driver("mysql://ann:p%27w-s3cret@/copy", "my", engine)
        let dumped = try await unseen("p'w-s3cret") {
            let dumped = try await source.dumpedWithFingerprint()
            try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.create = true })
            return dumped
        }
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.moment == .dump)
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        #expect(try sql("SELECT MD5(GROUP_CONCAT(i)) FROM copy.t") == sql("SELECT MD5(GROUP_CONCAT(i)) FROM app.t"))
        let wrong = await #expect(throws: DriverError.self) {
            try await driver("mysql://ann:no@/app", "my", engine).probe()
        }
        #expect(wrong?.code == "driver.authentication_failed")
    }

    @Test func redis() async throws {
        let engine = try await DockerEngine()
        for name in ["one", "two"] {
            try engine.run(
                name,
                [
                    "/usr/bin/redis-server", "--requirepass", "p'w-s3cret", "--repl-diskless-sync-delay", "0", "--save",
                    "",
                ])
        }
        func command(_ name: String, _ arguments: [String]) throws -> String {
            try engine.docker(["exec", "--env", "REDISCLI_AUTH=p'w-s3cret", name, "redis-cli"] + arguments)
        }
        for name in ["one", "two"] {
            try await eventually("Redis runs in its container") { (try? command(name, ["PING"])) == "PONG" }
        }
        _ = try command(
            "one", ["EVAL", "for n = 1, 20000 do redis.call('SET', 'k' .. n, string.rep(n, 100)) end return 1", "0"])
        let source = try driver("redis://:p%27w-s3cret@", "one", engine)
        #expect(source.host == "one")
        let facts = try await source.probe()
        let target = try driver("redis://:p%27w-s3cret@", "two", engine)
        try await unseen("p'w-s3cret") {
            try await target.restored(source.dumped(), from: facts.engineVersion)
        }
        #expect(try command("two", ["DBSIZE"]) == "20000")
        #expect(try command("two", ["GET", "k777"]) == command("one", ["GET", "k777"]))
        // Valkey's images have a sibling of redis-cli under its own name.
        try engine.run(
            "three",
            [
                "/bin/sh", "-euc",
                "/bin/mkdir /data/bin; /bin/ln -s /usr/bin/redis-cli /data/bin/valkey-cli; exec /usr/bin/redis-server --save ''",
            ], options: ["--env", "PATH=/data/bin"])
        let sibling = try driver("valkey://", "three", engine)
        try await eventually("the server runs") { (try? await sibling.probe()) != nil }
        #expect(try await sibling.dumped().starts(with: Array("REDIS".utf8)))
        let wrong = await #expect(throws: DriverError.self) { try await driver("redis://:no@", "one", engine).probe() }
        #expect(wrong?.code == "driver.authentication_failed")
    }

    /// Bytes as they are, at full speed, with the exit status and what was said; and the program ended when it must.
    @Test func programsInAContainer() async throws {
        let engine = try await DockerEngine()
        try engine.run("box", ["/bin/sleep", "600"])
        let place = ContainerTools(try ContainerReference("box", socket: engine.socket))
        func tool(_ arguments: [String]) -> DumpTool {
            DumpTool("sh", path: "/bin/sh", arguments: arguments, environment: ["MARK": "a b'\"$(id)"], in: place)
        }
        // Every byte, through both pipes: what goes in comes out, a hundred megabytes of it.
        let size = 100 << 20
        let sums = Mutex<[String]>([])
        try await tool(["-c", "head -c \(size) /dev/urandom | tee /tmp/x; echo done >&2"]).read { source in
            try await BlockingThread.run("test") {
                let sum = try Self.sum(source)
                sums.withLock { $0.append(sum) }
            }
        }
        let inside = try engine.docker(["exec", "box", "/usr/bin/sha256sum", "/tmp/x"])
        #expect(inside.hasPrefix(sums.withLock { $0[0] }))
        let end = RestoreEnd()
        try await tool(["-c", "cat > /tmp/y"]).write(end: end) { sink in
            try await BlockingThread.run("test") {
                for number in 0..<2000 {
                    try [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 10_007).withUnsafeBytes {
                        try sink.write($0)
                    }
                }
            }
        }
        let wanted = SHA(of: (0..<2000).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 10_007) })
        #expect(try engine.docker(["exec", "box", "/usr/bin/sha256sum", "/tmp/y"]).hasPrefix(wanted))
        // Arguments and variables are data.
        let weird = ["--help", "; rm -rf x", "$(id)", "a\nb", "ü", ""]
        let said = try await tool(["-c", #"printf '%s|' "$MARK" "$@""#, "sh"] + weird).output()
        #expect(said == (["a b'\"$(id)"] + weird).map { $0 + "|" }.joined())
        // How it ended, and what it said.
        await #expect(throws: DriverError.toolFailed("sh", ending: "exit status 7", words: "one; two")) {
            try await tool(["-c", "echo one >&2; echo two >&2; exit 7"]).output()
        }
        let missing = DumpTool("nope", path: "nope", arguments: [], in: place)
        let error = await #expect(throws: DriverError.self) { try await missing.output() }
        #expect(error?.message.contains("container 'box'") == true)
        // Cancelled: the program and its children are gone from the container.
        let task = Task {
            try await tool(["-c", "trap '' TERM; sleep 4711 & sleep 4712; sleep 4713"]).read { source in
                try await BlockingThread.run("test") { _ = try Self.sum(source) }
            }
        }
        try await eventually("it runs") { try engine.docker(["top", "box"]).contains("4712") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try !engine.docker(["top", "box"]).contains("sleep 47"))
        // A container that is stopped, one that is none, and an engine that is none.
        try engine.docker(["stop", "--time", "0", "box"])
        for (name, socket, code) in [
            ("box", engine.socket, "driver.container_not_running"),
            ("nobody", engine.socket, "driver.no_such_container"),
            ("box", engine.folder("nothing"), "driver.docker_unreachable"),
        ] {
            let place = ContainerTools(try ContainerReference(name, socket: socket))
            let error = await #expect(throws: DriverError.self) {
                try await DumpTool("sh", path: "sh", arguments: [], in: place).output()
            }
            #expect(error?.code == code, "\(String(describing: error))")
        }
        for name in ["", "../x", "a/b", "-h", "a b", String(repeating: "x", count: 256)] {
            #expect(throws: DriverError.invalidContainer(name)) { try ContainerReference(name, socket: "/x") }
        }
    }

    @Test func framesThatAreNone() throws {
        for bytes: [UInt8] in [[3, 0, 0, 0, 0, 0, 0, 1, 9], [1, 1, 0, 0, 0, 0, 0, 1, 9], Array("HTTP/1.1 500".utf8)] {
            var frames = DockerFrames()
            #expect(throws: DriverError.self) { try bytes.withUnsafeBytes { try frames.take($0) { _, _ in } } }
        }
        // In pieces of every size.
        let stream: [UInt8] = [
            1, 0, 0, 0, 0, 0, 0, 3, 10, 11, 12, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 20, 1, 0, 0, 0, 0, 0, 0,
            1, 13,
        ]
        for size in 1...stream.count {
            var frames = DockerFrames()
            var (output, errors): ([UInt8], [UInt8]) = ([], [])
            for start in stride(from: 0, to: stream.count, by: size) {
                try stream[start..<min(start + size, stream.count)].withUnsafeBytes { piece in
                    try frames.take(piece) { stream, bytes in
                        if stream == .output { output += bytes } else { errors += bytes }
                    }
                }
            }
            #expect(output == [10, 11, 12, 13] && errors == [20] && frames.isAtBorder)
        }
    }

    private static func sum(_ source: any ByteSource) throws -> String {
        let folder = try TemporaryFolder()
        let file = folder("x")
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: file))
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
        defer { space.deallocate() }
        while case let count = try source.read(into: space), count > 0 { handle.write(Data(space[..<count])) }
        return try String(TestProcess.run("/usr/bin/sha256sum", [file]).output.prefix(64))
    }

    private func SHA(of bytes: [UInt8]) -> String {
        guard let folder = try? TemporaryFolder() else { return "" }
        _ = FileManager.default.createFile(atPath: folder("x"), contents: Data(bytes))
        return String(((try? TestProcess.run("/usr/bin/sha256sum", [folder("x")]).output) ?? "").prefix(64))
    }
}
