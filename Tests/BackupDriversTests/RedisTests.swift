import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct RedisTests {
    /// Every type in its small and its large form, and values at the edges.
    private static func fill(_ server: RedisServer) throws {
        let script = #"""
            local all = {}
            for byte = 0, 255 do all[#all + 1] = string.char(byte) end
            local bytes = table.concat(all)
            redis.call('SET', bytes, bytes)
            redis.call('SET', 'empty', '')
            redis.call('SET', '12345', '-2147483648')
            redis.call('SET', '-7', '127')
            redis.call('SET', string.rep('compressed key ', 20), string.rep('compressed value ', 1000))
            redis.call('SET', 'large', string.rep(bytes, 20000))
            redis.call('SET', 'emoji 🐘', 'слон 𝄞')
            redis.call('SETBIT', 'bits', 100000, 1)
            redis.call('PFADD', 'hll', 'a', 'b', 'c')
            redis.call('GEOADD', 'geo', 13.361389, 38.115556, 'Palermo')
            for _, size in ipairs({3, 3000}) do
              for n = 1, size do
                redis.call('RPUSH', 'list' .. size, n, 'x' .. n, bytes)
                redis.call('SADD', 'ints' .. size, n)
                redis.call('SADD', 'set' .. size, 'm' .. n, bytes)
                redis.call('HSET', 'hash' .. size, 'f' .. n, bytes, n, n)
                redis.call('ZADD', 'zset' .. size, n / 3, 'm' .. n)
                redis.call('XADD', 'stream' .. size, n .. '-1', 'f', n, 'g', bytes)
              end
            end
            redis.call('ZADD', 'edges', '-inf', 'a', '+inf', 'b', '0', 'c', '1.7976931348623157e308', 'd', '4.9e-324', 'e')
            redis.call('RPUSH', 'long', string.rep('y', 100000), 'z')
            redis.call('SADD', 'wide', string.rep('y', 1000))
            redis.call('XGROUP', 'CREATE', 'stream3', 'workers', '0')
            redis.call('XREADGROUP', 'GROUP', 'workers', 'ann', 'COUNT', 2, 'STREAMS', 'stream3', '>')
            redis.call('XACK', 'stream3', 'workers', '1-1')
            redis.call('XDEL', 'stream3', '3-1')
            redis.call('XGROUP', 'CREATECONSUMER', 'stream3', 'workers', 'idle')
            redis.call('SET', 'expires', 'x', 'PXAT', 4102444800123)
            redis.call('HSET', 'hash that expires', 'a', 'b')
            redis.call('EXPIREAT', 'hash that expires', 4102444800)
            redis.call('SELECT', 15)
            redis.call('SET', 'in fifteen', 'x')
            redis.call('SELECT', 3)
            redis.call('SET', 'in three', 'x')
            return 'OK'
            """#
        guard try server.command(["EVAL", script, "0"]).contains("OK") else { throw TestFailure("the script failed") }
        let code = "#!lua name=lib\nredis.register_function('f', function(k, a) return a[1] .. 'ü' end)\n"
        guard try server.command(["FUNCTION", "LOAD", code]).contains("lib") else { throw TestFailure("no function") }
    }

    @Test(arguments: RedisServer.Flavour.allCases) func everythingComesBackEqual(_ flavour: RedisServer.Flavour)
        async throws
    {
        let server = try await RedisServer(flavour)
        try Self.fill(server)
        let driver = try DriverRegistry.test(server.url())
        let facts = try await driver.probe()
        #expect(facts.engineVersion.hasPrefix(flavour == .redis ? "Redis 7." : "Valkey 9.") && !facts.isEmpty)
        let dumped = try await driver.dumpedWithFingerprint()
        let contents = try server.contents()
        #expect(contents.split(separator: "\n").count > 25)

        let other = try await RedisServer(flavour)
        let target = try DriverRegistry.test(other.url())
        #expect(try await target.probe().isEmpty)
        try await target.restored(dumped.value, from: facts.engineVersion)
        #expect(try other.contents() == contents)
        #expect(try other.command(["FCALL", "f", "0", "x"]) == "xü\n")
        #expect(
            try other.command(["XPENDING", "stream3", "workers"]) == server.command(["XPENDING", "stream3", "workers"]))
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(fingerprint.differences(in: try #require(try await target.fingerprint())) == [])

        // Not over what is there, unless told; other keys stay.
        await #expect(throws: DriverError.notEmpty(target.databaseName)) {
            try await target.restored(dumped.value, from: facts.engineVersion)
        }
        try other.commands("SET empty changed\nSET mine 1\n")
        try await target.restored(dumped.value, from: facts.engineVersion, .with { $0.overwrite = true })
        #expect(try other.command(["GET", "mine"]) == "1\n")
        try other.command(["DEL", "mine"])
        #expect(try other.contents() == contents)

        // As a file that a server starts from.
        let folder = try TemporaryFolder()
        let file = try DriverRegistry.test("rdb://\(folder("restored.rdb"))")
        try await file.restored(dumped.value, from: facts.engineVersion)
        let started = try await RedisServer(flavour, rdb: folder("restored.rdb"))
        #expect(try started.contents() == contents)
        await #expect(throws: DriverError.notEmpty(folder("restored.rdb"))) {
            try await file.restored(dumped.value, from: facts.engineVersion)
        }
        #expect(try await file.dumped() == dumped.value)
    }

    /// Two counters that every transaction raises together, while others go on.
    @Test func oneMomentWhileOthersWrite() async throws {
        let server = try await RedisServer()
        try Self.fill(server)
        let writer = try TestProcess(
            "/usr/bin/redis-cli",
            [
                "-s", server.folder("socket"), "-r", "-1", "EVAL",
                "for n = 1, 100 do redis.call('INCR', 'a') redis.call('SET', 'k' .. redis.call('INCR', 'b') % 5000, 'x') end",
                "0",
            ], log: server.folder("writer"))
        defer { writer.stop() }
        try await eventually("the writer writes") { Int(try server.command(["GET", "a"]).dropLast()) ?? 0 > 1000 }
        for _ in 1...3 {
            let dump = try await DriverRegistry.test(server.url()).dumped()
            let other = try await RedisServer()
            try await DriverRegistry.test(other.url()).restored(dump, from: "Redis 7.0.0")
            #expect(try other.command(["GET", "a"]) == other.command(["GET", "b"]))
        }
        #expect(writer.isRunning)
    }

    @Test(arguments: ["yes", "no"]) func bothWaysOfSending(_ diskless: String) async throws {
        let server = try await RedisServer(settings: ["repl-diskless-sync \(diskless)", "rdbchecksum \(diskless)"])
        try Self.fill(server)
        let dump = try await DriverRegistry.test(server.url()).dumped()
        #expect(dump[dump.count - 9] == 0xff, "the end mark is taken off")
        #expect(dump.suffix(8).allSatisfy { $0 == 0 } == (diskless == "no"))
    }

    @Test func overTLSAndOverASocket() async throws {
        let server = try await RedisServer(tls: true)
        try server.commands("SET a 1\n")
        let good = try DriverRegistry.test(server.url(parameters: "?tls_ca_file=\(server.folder("ca.pem"))"))
        #expect(try await good.dumped().starts(with: Array("REDIS".utf8)))
        let untrusted = await #expect(throws: DriverError.self) { try await DriverRegistry.test(server.url()).dumped() }
        #expect(untrusted?.code == "driver.cannot_connect")
        let plain = await #expect(throws: DriverError.self) {
            try await DriverRegistry.test(server.url(scheme: "redis")).probe()
        }
        #expect(plain?.code == "driver.cannot_connect")
        let socket = try DriverRegistry.test("redis+unix://\(server.folder("socket"))")
        #expect(try await socket.dumped().starts(with: Array("REDIS".utf8)))
    }

    @Test func usersAndPasswordsAreDataAndNobodySeesThem() async throws {
        let server = try await RedisServer(password: "main")
        let secrets = [
            "-h", "--help", "; rm -rf /", "$(id)", "'\"`", "new\nline", "a\r\nb", "\u{600}\"'", "e\u{301}", " sp ace ",
            "пароль🐘", "#x", "\\n",
            String(repeating: "pä", count: 100),
        ]
        for (number, secret) in secrets.enumerated() {
            try server.command(["ACL", "SETUSER", "u\(number)", "on", ">" + secret, "~*", "&*", "+@all"])
            let driver = try DriverRegistry.test(server.url(user: "u\(number)", password: secret))
            let seen = Mutex(false)
            _ = try await driver.dump(counting: false) { source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                    defer { space.deallocate() }
                    while try source.read(into: space) > 0 {
                        if isVisible(secret) { seen.withLock { $0 = true } }
                    }
                }
            }
            #expect(!seen.withLock { $0 })
            let wrong = try DriverRegistry.test(server.url(user: "u\(number)", password: secret + "x"))
            let error = await #expect(throws: DriverError.self) { try await wrong.dumped() }
            #expect(
                error?.code == "driver.authentication_failed" && error?.message.contains(secret + "x") == false,
                "\(String(describing: error))")
        }
        // Users of such names, as far as the server takes them: it takes none with a space.
        var known = 0
        for name in Names.nasty {
            let isKnown = try server.command(["ACL", "SETUSER", name, "on", ">pw", "~*", "+@all"]) == "OK\n"
            known += isKnown ? 1 : 0
            let driver = try DriverRegistry.test(server.url(user: name, password: "pw"))
            if isKnown {
                #expect(try await driver.dumped().count > 9, "\(name)")
            } else {
                let error = await #expect(throws: DriverError.self) { try await driver.dumped() }
                #expect(error?.code == "driver.authentication_failed", "\(name)")
            }
        }
        #expect(known > 15)
    }

    @Test func whatAPersonGetsWrong() async throws {
        let server = try await RedisServer(password: "main")
        try server.command(["ACL", "SETUSER", "limited", "on", ">pw", "~*", "+info"])
        let port = try FreePort.next()
        let cases = [
            ("driver.authentication_failed", server.url(password: "wrong")),
            ("driver.authentication_failed", "redis://127.0.0.1:\(server.port)"),
            ("driver.authentication_failed", server.url(user: "nobody")),
            ("driver.cannot_connect", "redis://127.0.0.1:\(port)"),
            ("driver.cannot_connect", "redis://nowhere.invalid"),
            ("driver.cannot_connect", "redis+unix:///nowhere"),
        ]
        for (code, url) in cases {
            let driver = try DriverRegistry.test(url)
            for attempt in [{ _ = try await driver.probe() }, { _ = try await driver.dumped() }] {
                let error = await #expect(throws: DriverError.self) { try await attempt() }
                #expect(error?.code == code, "\(url): \(String(describing: error))")
            }
        }
        let refused = await #expect(throws: DriverError.self) {
            try await DriverRegistry.test(server.url(user: "limited", password: "pw")).dumped()
        }
        #expect(refused?.code == "driver.tool_failed" && refused?.message.contains("NOPERM") == true)
        for url in [
            "redis://h/7", "redis://h/x", "redis://h?x=1", "redis+unix://", "rdb://", "rdb://host/x", "rdb:///x/",
        ] {
            let error = #expect(throws: DriverError.self) { try DriverRegistry.test(url) }
            #expect(error?.code == "driver.invalid_url", "\(url)")
        }
        for (dump, code) in [
            ("Redis 99.0.0", "driver.server_too_old"), ("Valkey 7.2.0", "driver.other_flavour"),
        ] {
            let error = await #expect(throws: DriverError.self) {
                try await DriverRegistry.test(server.url()).restored([], from: dump)
            }
            #expect(error?.code == code)
        }
    }

    /// redis-cli that is missing, dies half-way, ends early without saying so, or prints something else.
    @Test func toolsThatFail() async throws {
        let server = try await RedisServer()
        try Self.fill(server)
        let folder = try TemporaryFolder()
        func failing(_ script: String?) async throws -> DriverError? {
            try? FileManager.default.removeItem(atPath: folder("redis-cli"))
            if let script {
                let text = "#!/bin/bash\ncase $* in *INFO*) exec /usr/bin/redis-cli \"$@\";; esac\n" + script
                _ = FileManager.default.createFile(
                    atPath: folder("redis-cli"), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
            }
            let driver = try DriverRegistry.test(server.url(), environment: ["PATH": folder.path])
            return await #expect(throws: DriverError.self) { try await driver.dumped() }
        }
        #expect(try await failing(nil) == .toolNotFound("redis-cli or valkey-cli"))
        let killed = try await failing("/usr/bin/redis-cli \"$@\" 2>/dev/null | /usr/bin/head -c 3000; kill -9 $$")
        guard case .toolFailed("redis-cli", "signal 9", _) = killed else {
            throw TestFailure("\(String(describing: killed))")
        }
        #expect(
            try await failing("/usr/bin/redis-cli \"$@\" | /usr/bin/head -c 3000; exit 0")
                == .incompleteDump("redis-cli"))
        #expect(try await failing("echo 'hello, there'; exit 0") == .unexpectedDump("redis-cli"))
        let loud = try await failing("/usr/bin/yes trouble | /usr/bin/head -c 50000000 >&2; exit 3")
        guard case .toolFailed(_, "exit status 3", let words) = loud else {
            throw TestFailure("\(String(describing: loud))")
        }
        #expect(words.utf8.count <= 8192)
    }

    /// Lengths that a file claims and does not have: no memory is taken for them.
    @Test func lengthsThatAreLies() throws {
        let (huge, large): ([UInt8], [UInt8]) = (
            [0x81] + [0x7f] + [UInt8](repeating: 0xff, count: 7), [0x80, 0x1f, 0xff, 0xff, 0xff]
        )
        let key: [UInt8] = [1, 0x6b]
        let bodies: [[UInt8]] = [
            [0] + huge, [0] + large, [0] + key + huge, [0] + key + large, [1] + key + huge, [4] + key + huge + large,
            [0xf5] + large,
            [15] + key + huge, [24] + key + [UInt8](repeating: 0, count: 8) + huge, [7] + key + large + [5] + huge,
            [0xfa] + large,
            // A compressed string: its size, and what it will be.
            [0, 0xc3] + [2] + large + [0, 0x61] + key, [0xf5, 0xc3] + large + large,
            [0xf5, 0xc3] + [2] + large + [0, 0x61],
        ]
        func largest() -> Int {
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss
        }
        let before = largest()
        for body in bodies {
            #expect(throws: DriverError.self) {
                try RedisReplay(replacing: false).run(FakeSource(Array("REDIS0011".utf8) + body), into: NullSink())
            }
        }
        #expect(largest() - before < 64 << 10, "kilobytes")
    }

    /// Whatever is changed or cut off in a small file is seen, and nothing in it can stop the process.
    @Test func everyBitAndEveryCut() async throws {
        let server = try await RedisServer()
        try server.commands(
            "SET key value\nRPUSH list a b c\nHSET hash f v\nXADD stream * a b\nSET e x PXAT 4102444800000\n")
        let dump = try await DriverRegistry.test(server.url()).dumped()
        func read(_ bytes: [UInt8]) throws -> [UInt8] {
            let source = RDBSource(FakeSource(bytes), name: "test")
            var result: [UInt8] = []
            let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
            defer { space.deallocate() }
            while case let count = try source.read(into: space), count > 0 { result += space[..<count] }
            return result
        }
        #expect(try read(dump) == dump)
        #expect(try read(dump + (0..<40).map { UInt8($0) }) == dump)
        for length in 0..<dump.count { #expect(throws: DriverError.self) { try read(Array(dump[..<length])) } }
        for index in dump.indices {
            var changed = dump
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: DriverError.self, "byte \(index)") { try read(changed) }
            // A replay of it may fail or not, but it ends.
            _ = try? RedisReplay(replacing: false).run(FakeSource(changed), into: NullSink())
        }
        for length in 0..<dump.count {
            #expect(throws: DriverError.self) {
                try RedisReplay(replacing: false).run(FakeSource(Array(dump[..<length])), into: NullSink())
            }
        }
        #expect(CRC64.of(Array("123456789".utf8)) == 0xe9c6_d914_c4b8_d9ca, "Redis's own test vector")
    }
}

private struct NullSink: ByteSink {
    func write(_ bytes: UnsafeRawBufferPointer) throws {}
    func cancel() {}
}
