import BackupTestSupport
import Foundation
import Testing

/// SIGKILL at random moments: what is listed afterwards always verifies.
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
            print(
                "\(destination): \(killed) of \(Self.kills) killed in the middle; \(backups.count) backups are listed, all verify"
            )
            // And the next run works.
            #expect(try Commands.backupy(arguments, environment: store.environment).status == 0)
        }
    }
}
