import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// SIGKILL at random moments: what is listed afterwards always verifies, and no object is there that isn't whole.
///
/// 8 times in each kind of store; `BACKUPY_TEST_KILLS` says another number.
@Suite struct KillTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    static let kills = ProcessInfo.processInfo.environment["BACKUPY_TEST_KILLS"].flatMap { Int($0) } ?? 8

    @Test func everyListedBackupIsWhole() async throws {
        let server = try await PostgreSQLServer()
        let store = try await SeaweedFS()
        try server.createDatabase("shop")
        try server.sql(
            "CREATE TABLE t AS SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 600000) AS i GROUP BY i / 100",
            in: "shop")
        let key = try Commands.keygen(folder("key.txt"))
        for destination in ["file://" + folder("store"), "s3://\(SeaweedFS.bucket)/killed"] {
            let arguments = ["backup", server.url("shop"), "--to", destination, "--recipient", key, "--quiet"]
            // How long a whole run takes decides in which moments it is killed.
            let began = ContinuousClock.now
            #expect(try Commands.backupy(arguments, environment: store.environment).status == 0)
            let whole = (ContinuousClock.now - began) / .milliseconds(1)
            var killed = 0
            for _ in 0..<Self.kills {
                let run = try Commands.start(arguments, environment: store.environment, log: folder("log"))
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...Int(whole * 1.1))))
                if run.isRunning { killed += 1 }
                run.send(SIGKILL)
                run.stop()
                try await eventually("no tool is left") {
                    try server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0"
                }
            }
            let listed = try Commands.backupy(["list", destination, "--json"], environment: store.environment)
            #expect(listed.status == 0, "\(listed.errors)")
            let backups = try #require(try listed.json()["backups"] as? [[String: Any]])
            #expect(backups.count >= 1)
            for backup in backups {
                let id = try #require(backup["id"] as? String)
                let verified = try Commands.backupy(
                    ["verify", "\(destination)/\(id)", "--identity", folder("key.txt")], environment: store.environment)
                #expect(verified.status == 0, "\(id): \(verified.errors)")
            }
            let objects = try await wholeObjects(in: destination, store)
            #expect(objects >= backups.count)
            print(
                "\(destination): \(killed) of \(Self.kills) killed in the middle; \(backups.count) backups are listed, all verify; \(objects) objects, all whole"
            )
            // And the next run works.
            #expect(try Commands.backupy(arguments, environment: store.environment).status == 0)
        }
    }

    /// Decrypts every object that a store shows, also those without a manifest, which are no backups: a run that was killed
    /// between the two leaves one, and all of it. Returns how many there are.
    private func wholeObjects(in destination: String, _ server: SeaweedFS) async throws -> Int {
        let store = try Stores.open(try StoreLocation.parse(destination)) {
            S3Settings(
                credentials: S3Credentials(
                    accessKeyID: SeaweedFS.accessKey, secretAccessKey: Secret(SeaweedFS.secretKey)),
                region: "us-east-1", endpoint: try S3Endpoint(server.endpoint))
        }
        var count = 0
        for try await object in store.list(prefix: "") where !object.key.string.hasSuffix(".manifest.json") {
            let bytes = try await StoreBytes.read(object.key, from: store)
            try Data(bytes).write(to: URL(filePath: folder("object")))
            let opened = try Commands.decrypt([
                "--identity", folder("key.txt"), "--in", folder("object"), "--out", folder("dump"),
            ])
            #expect(opened.status == 0, "\(object.key) is there, and not whole: \(opened.errors)")
            try? FileManager.default.removeItem(atPath: folder("dump"))
            count += 1
        }
        await store.close()
        return count
    }
}
