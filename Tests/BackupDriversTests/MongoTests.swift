import BackupCore
@testable import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Against a server that speaks MongoDB's protocol, with the real mongodump and mongorestore where they are installed, and with
/// stand-ins of ours elsewhere. The stand-ins write the archive format as it is documented; they are no proof for the real tools.
@Suite struct MongoTests {
    let folder: TemporaryFolder
    let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/mongo-stand-in.py")
            .path
        environment = ["PATH": try MongoServer.toolsPath(standIn: script, in: folder)]
    }

    private func driver(_ url: String) throws -> any DatabaseDriver {
        try DriverRegistry.test(url, environment: environment)
    }

    private static let nasty = """
        from bson import *
        import datetime, re
        every = bytes(range(256))
        d = c[sys.argv[1]]
        deep = {}
        for n in range(90): deep = {'d': deep}
        d.types.insert_many([
          {'_id': 1, 'double': [0.0, -0.0, float('nan'), float('inf'), -float('inf'), 1.7976931348623157e308, 4.9e-324]},
          {'_id': 2, 'ints': [2**31 - 1, -2**31, Int64(2**63 - 1), Int64(-2**63), Int64(0)], 'null': None, 'bool': [True, False]},
          {'_id': 3, 'decimal': [Decimal128('NaN'), Decimal128('Infinity'), Decimal128('-0'), Decimal128('9.999999999999999999999999999999999E+6144')]},
          {'_id': 4, 'binary': [Binary(every, n) for n in (0, 1, 4, 5, 6, 128, 255)], 'old': Binary(every, 2)},
          {'_id': 5, 'strings': ['', 'a\\0b', 'слон 🐘', 'x' * 100000], 'weird.key': 1, 'ключ': 2, '': 3},
          {'_id': 6, 'times': [datetime.datetime(1900, 1, 1), datetime.datetime(9999, 12, 31), Timestamp(2**32 - 1, 7)]},
          {'_id': 7, 're': Regex('a/b"\\\\\\\\', 'imx'), 'code': Code('x'), 'scope': Code('x', {'a': 1}), 'min': MinKey(), 'max': MaxKey()},
          {'_id': 8, 'oid': ObjectId('ffffffffffffffffffffffff'), 'ref': DBRef('a', 1), 'deep': deep, 'empty': [{}, []]},
          {'_id': 9, 'large': 'y' * 10_000_000},
        ])
        d.many.insert_many([{'_id': n, 'n': n, 's': str(n) * 50} for n in range(5000)])
        d.many.create_index([('n', 1), ('s', -1)], unique=True, name='by n')
        d.many.create_index('s', sparse=True)
        d['weird name; $(id) "ü'].insert_one({'a': 1})
        d.create_collection('nothing')
        d.create_collection('ring', capped=True, size=65536, max=10)
        for n in range(20): d.ring.insert_one({'_id': n})
        d.create_collection('view', viewOn='many', pipeline=[{'$match': {'n': {'$gt': 10}}}])
        """.replacing("$(id)", with: "(id)")

    @Test func everythingComesBackEqual() async throws {
        let server = try await MongoServer()
        try server.run(Self.nasty, ["app"])
        let source = try driver(server.url("app"))
        let facts = try await source.probe()
        #expect(facts.engineVersion.hasPrefix("MongoDB ") && !facts.isEmpty && source.databaseName == "app")
        let dumped = try await source.dumpedWithFingerprint()
        let contents = try server.contents("app")
        #expect(contents.utf8.count > 20_000_000)

        let copy = try driver(server.url("copy"))
        #expect(try await copy.probe().isEmpty)
        try await copy.restored(dumped.value, from: facts.engineVersion)
        #expect(try server.contents("copy") == contents)
        let fingerprint = try #require(try dumped.fingerprint?.get())
        #expect(
            fingerprint.moment == .dump
                && fingerprint.databases.first?.tables?.contains(.init(name: "many", rows: 5000)) == true)
        #expect(fingerprint.differences(in: try #require(try await copy.fingerprint())) == [])
        await #expect(throws: DriverError.notEmpty("copy")) {
            try await copy.restored(dumped.value, from: facts.engineVersion)
        }
        try server.run("c.copy.many.delete_many({}); c.copy.mine.insert_one({'_id': 1})")
        try await copy.restored(dumped.value, from: facts.engineVersion, .with { $0.overwrite = true })
        #expect(try server.run("print(c.copy.mine.count_documents({}), c.copy.many.count_documents({}))") == "1 5000\n")
        let error = await #expect(throws: DriverError.self) {
            try await copy.restored(dumped.value, from: "MongoDB 99.1.0")
        }
        #expect(error?.code == "driver.server_too_old")
    }

    /// Of databases and collections. What the server takes is backed up under its own name.
    @Test func namesAreData() async throws {
        let server = try await MongoServer()
        // MongoDB's own rules: of a database's name, and of a collection's.
        let forbidden = Set("/\\. \"$*<>:|?".utf8)
        let databases = Names.nasty.filter { !$0.utf8.contains(where: forbidden.contains) && $0.utf8.count < 60 }
        let all = Names.nasty.filter { !$0.utf8.contains(UInt8(ascii: "$")) }
        #expect(databases.count > 8 && all.count > 20)
        for (number, name) in databases.enumerated() {
            let collections = number == 0 ? all : [name]
            try server.run("for n in sys.argv[2:]: c[sys.argv[1]][n].insert_one({'_id': n})", [name] + collections)
            let dumped = try await driver(server.url(name)).dumpedWithFingerprint()
            let tables = try #require(try dumped.fingerprint?.get().databases.first?.tables)
            #expect(Set(tables.map { Array($0.name.utf8) }) == Set(collections.map { Array($0.utf8) }), "\(name)")
            let copy = try driver(server.url("copy"))
            try await copy.restored(dumped.value, from: "MongoDB 7.0.0")
            #expect(try server.contents("copy") == server.contents(name), "\(name)")
            #expect(try dumped.fingerprint?.get().differences(in: #require(try await copy.fingerprint())) == [])
            try server.run("c.drop_database('copy'); c.drop_database(sys.argv[1])", [name])
        }
    }

    @Test func allOfAServer() async throws {
        let server = try await MongoServer()
        try server.run("for n in ('one', 'two'): c[n].t.insert_many([{'_id': i} for i in range(10)])")
        let source = try driver(server.url())
        #expect(source.scope == .server)
        let facts = try await source.probe()
        #expect(facts.toolVersion?.hasSuffix(" --oplog") == true, "it is a replica set")
        let dump = try await source.dumped()
        let other = try await MongoServer()
        let target = try driver(other.url())
        try await target.restored(dump, from: facts.engineVersion, .with { $0.only = "two" })
        #expect(try other.run("print(sorted(n for n in c.list_database_names() if len(n) == 3))") == "['two']\n")
        try other.run("c.drop_database('two')")
        try await target.restored(dump, from: facts.engineVersion, tool: facts.toolVersion)
        for name in ["one", "two"] { #expect(try other.contents(name) == server.contents(name)) }
    }

    @Test func passwordsAreDataAndNobodySeesThem() async throws {
        let server = try await MongoServer()
        try server.run("c.app.t.insert_many([{'_id': i, 'x': 'y' * 1000} for i in range(100)])")
        let secrets = [
            "-h", "--help", "; rm -rf /", "$(id)", "'\"`", "e\u{301}", " sp ace ", "#x: y", "\\n", "%41", "a@b:c/d?e",
            String(repeating: "p", count: 200),
        ]
        let seen = Mutex(false)
        for (number, secret) in secrets.enumerated() {
            try server.run(
                "c.admin.command('createUser', 'u' + sys.argv[1], pwd=sys.argv[2], roles=['root'])",
                ["\(number)", secret])
            _ = try await driver(server.url("app", user: "u\(number)", password: secret)).dump(counting: false) {
                source in
                try await BlockingThread.run("test") {
                    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                    defer { space.deallocate() }
                    if isVisible(secret) { seen.withLock { $0 = true } }
                    while try source.read(into: space) > 0 {}
                }
            }
            let wrong = await #expect(throws: DriverError.self) {
                try await driver(server.url("app", user: "u\(number)", password: secret + "x")).dumped()
            }
            #expect(wrong?.code == "driver.authentication_failed" && wrong?.message.contains(secret + "x") == false)
        }
        #expect(!seen.withLock { $0 })
        let place = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let left = try FileManager.default.contentsOfDirectory(atPath: place).filter {
            $0.hasPrefix(".backupy-settings-")
        }
        #expect(left.isEmpty, "no file with a password stays")
    }

    @Test func whatAPersonGetsWrong() async throws {
        let port = try FreePort.next()
        for url in ["mongodb://127.0.0.1:\(port)/app", "mongodb://nowhere.invalid/app"] {
            let error = await #expect(throws: DriverError.self) {
                try await driver(url + "?serverSelectionTryOnce=true").probe()
            }
            #expect(error?.code == "driver.cannot_connect", "\(url): \(String(describing: error))")
        }
        for url in ["mongodb://", "mongodb://u:geheim@h/a b?nope", "mongodb://h:x/d"] {
            let error = #expect(throws: DriverError.self) { try driver(url) }
            #expect(error?.code == "driver.invalid_url" && error?.message.contains("geheim") == false, "\(url)")
        }
    }

    @Test func toolsThatFail() async throws {
        let server = try await MongoServer()
        try server.run("c.app.t.insert_many([{'_id': i, 'x': 'y' * 1000} for i in range(3000)])")
        let good = environment["PATH"] ?? ""
        let bad = try TemporaryFolder()
        func failing(_ script: String?, version: String = "100.9.0") async throws -> DriverError? {
            try? FileManager.default.removeItem(atPath: bad("mongodump"))
            if let script {
                let text =
                    "#!/bin/bash\ncase $* in *--version*) echo 'mongodump version: \(version)'; exit;; esac\nself=$(PATH=\(good) command -v mongodump)\n"
                    + script
                _ = FileManager.default.createFile(
                    atPath: bad("mongodump"), contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
            }
            let driver = try DriverRegistry.test(server.url("app"), environment: ["PATH": bad.path])
            return await #expect(throws: DriverError.self) { try await driver.dumped() }
        }
        #expect(try await failing(nil) == .toolNotFound("mongodump"))
        #expect(try await failing("exit 0", version: "3.6.0")?.code == "driver.tool_too_old")
        let killed = try await failing("$self \"$@\" 2>/dev/null | /usr/bin/head -c 2000000; kill -9 $$")
        #expect(killed == .toolFailed("mongodump", ending: "signal 9", words: ""))
        #expect(
            try await failing("$self \"$@\" 2>/dev/null | /usr/bin/head -c 2000000; exit 0")?.code
                == "driver.incomplete_dump")
        #expect(try await failing("echo 'hello, there'; exit 0") == .unexpectedDump("mongodump"))
        let loud = try await failing("/usr/bin/yes trouble | /usr/bin/head -c 50000000 >&2; exit 3")
        guard case .toolFailed(_, "exit status 3", let words) = loud else {
            throw TestFailure("\(String(describing: loud))")
        }
        #expect(words.utf8.count <= 8192)
        // Why it has failed is what it says itself.
        let empty = try DriverRegistry.test(server.url("empty"), environment: environment)
        let failure = await #expect(throws: RestoreFailure.self) {
            try await empty.restored(Array("no archive, but long enough".utf8), from: "MongoDB 7.0.0")
        }
        #expect(
            failure?.state == .unchanged && failure?.message.contains("not appear to be a mongodump archive") == true)
    }

    /// A collection of time series is announced under its name; its blocks have that or its buckets'.
    @Test(arguments: ["system.buckets.sensors", "sensors"]) func timeSeries(_ blocks: String) throws {
        func document(_ fields: [(UInt8, String, [UInt8])]) -> [UInt8] {
            var body: [UInt8] = []
            for (type, name, value) in fields {
                body.append(type)
                body += name.utf8
                body.append(0)
                body += value
            }
            return number(body.count + 5) + body + [0]
        }
        func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func text(_ name: String, _ value: String) -> (UInt8, String, [UInt8]) {
            (2, name, number(value.utf8.count + 1) + Array(value.utf8) + [0])
        }
        func header(_ name: String, crc: UInt64? = nil) -> [UInt8] {
            let sum: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: (crc ?? 0) >> UInt64(8 * $0)) }
            return document([
                text("db", "app"), text("collection", name), (8, "EOF", [crc == nil ? 0 : 1]), (0x12, "CRC", sum),
            ])
        }
        let end = [UInt8](repeating: 0xff, count: 4)
        let bucket = document([text("_id", "a bucket")])
        var sum = ECMA64()
        bucket.withUnsafeBytes { sum.update($0) }
        let announced = document([
            text("db", "app"), text("collection", "sensors"), text("type", "timeseries"), text("metadata", "{}"),
        ])
        let magic: [UInt8] = [0x6d, 0xe2, 0x99, 0x81]
        let beginning = magic + document([text("version", "0.1")]) + announced + end
        let block = header(blocks) + bucket + end
        func read(_ bytes: [UInt8]) throws -> [Fingerprint.Database] {
            let archive = MongoArchive(FakeSource(bytes), tool: "mongodump")
            let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
            defer { space.deallocate() }
            while try archive.read(into: space) > 0 {}
            return archive.databases()
        }
        #expect(try read(beginning + block + header(blocks, crc: sum.value) + end).isEmpty, "it is not counted")
        #expect(throws: DriverError.incompleteDump("mongodump")) { try read(beginning + block) }
        #expect(throws: DriverError.incompleteDump("mongodump")) {
            try read(beginning + block + header("system.buckets.other", crc: 0) + end)
        }
    }

    /// Whatever is cut off is seen, and every changed bit in a document; nothing can stop the process.
    @Test func everyCutAndEveryBitOfADocument() async throws {
        let server = try await MongoServer()
        try server.run(
            "c.app.t.insert_many([{'_id': i, 'x': 'abc'} for i in range(3)]); c.app.u.insert_one({'_id': 1})")
        let dump = try await driver(server.url("app")).dumped()
        func read(_ bytes: [UInt8]) throws {
            let archive = MongoArchive(FakeSource(bytes), tool: "test")
            let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 37, alignment: 1)
            defer { space.deallocate() }
            while try archive.read(into: space) > 0 {}
        }
        try read(dump)
        for length in 0..<dump.count {
            #expect(throws: DriverError.self, "\(length)") { try read(Array(dump[..<length])) }
        }
        let text = Array("abc".utf8)
        let documents = dump.indices.filter { dump[$0...].starts(with: text) }
        #expect(documents.count == 3)
        for index in documents {
            for bit in 0..<24 {
                var changed = dump
                changed[index + bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: DriverError.self) { try read(changed) }
            }
        }
        for index in dump.indices {
            var changed = dump
            changed[index] ^= 0xff
            // It may be seen or not, where it is only a name; but it ends.
            try? read(changed)
        }
        var sum = ECMA64()
        Array("123456789".utf8).withUnsafeBytes { sum.update($0) }
        #expect(sum.value == 0x995d_c9bb_df19_39fa, "the check value of CRC-64/XZ, which is Go's ECMA")
    }
}
