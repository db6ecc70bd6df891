import BackupTestSupport
import Foundation
import Testing

/// A backup of each engine, whose dump `verify` takes for a whole one.
@Suite struct EngineTests {
    let folder: TemporaryFolder
    let key: String

    init() throws {
        folder = try TemporaryFolder()
        key = try Commands.keygen(folder("key.txt"))
    }

    private func backUpAndVerify(_ urls: [String], environment: [String: String] = [:]) throws {
        for (number, url) in urls.enumerated() {
            let destination = "file://" + folder("store\(number)")
            let made = try Commands.backupy(
                ["backup", url, "--to", destination, "--recipient", key], environment: environment)
            #expect(made.status == 0, "\(url): \(made.errors)")
            let verified = try Commands.backupy(["verify", destination, "--identity", folder("key.txt")])
            #expect(verified.status == 0 && verified.output.contains("is good"), "\(url): \(verified)")
        }
    }

    @Test func postgreSQL() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("shop")
        try backUpAndVerify([server.url("shop"), server.url()])
    }

    @Test func mariaDB() async throws {
        let server = try await MariaDBServer()
        try server.createDatabase("shop")
        try server.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1)", in: "shop")
        try backUpAndVerify([server.url("shop"), server.url()])
    }

    @Test func mongoDB() async throws {
        let server = try await MongoServer()
        try server.run("c['shop'].orders.insert_one({'n': 1})")
        let script = TestTools.packageRoot + "/Tests/BackupDriversTests/Fixtures/mongo-stand-in.py"
        let path = try MongoServer.toolsPath(standIn: script, in: folder)
        try backUpAndVerify([server.url("shop"), server.url()], environment: ["PATH": path])
    }

    @Test(arguments: RedisServer.Flavour.allCases) func redis(_ flavour: RedisServer.Flavour) async throws {
        let server = try await RedisServer(flavour)
        try backUpAndVerify([server.url()])
        _ = try server.command(["SET", "key", "value"])
        try backUpAndVerify([server.url()])
    }

    @Test func sqlite() throws {
        for (number, statements) in ["CREATE TABLE t (i)", "PRAGMA page_size = 65536; CREATE TABLE t (i)"].enumerated()
        {
            try TestProcess.run("/usr/bin/sqlite3", [folder("\(number).db"), statements])
        }
        try backUpAndVerify(["sqlite://" + folder("0.db"), "sqlite://" + folder("1.db")])
    }
}
