import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Testing

@testable import BackupPipeline
@testable import backupy

/// What a person does, from the first key to the last byte.
@Suite struct SessionTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func postgreSQLToS3AndBack() async throws {
        let server = try await PostgreSQLServer()
        let store = try await SeaweedFS()
        try server.createDatabase("shop")
        try server.sql(
            "CREATE TABLE t AS SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 30000) AS i", in: "shop")
        let key = try Commands.keygen(folder("key.txt"))
        let destination = "s3://\(SeaweedFS.bucket)/team/prod"
        let made = try Commands.backupy(
            ["backup", server.url("shop"), "--to", destination, "--recipient", key, "--json"],
            environment: store.environment)
        #expect(made.status == 0, "\(made.errors)")
        let id = try #require((try made.json()["backup"] as? [String: Any])?["id"] as? String)

        let listed = try Commands.backupy(["list", destination], environment: store.environment)
        #expect(listed.output.contains(id) && listed.output.contains("127.0.0.1/shop"))
        for source in [destination, destination + "/", "\(destination)/\(id)", "\(destination)/latest"] {
            let verified = try Commands.backupy(
                ["verify", source, "--identity", folder("key.txt"), "--json"], environment: store.environment)
            #expect(verified.status == 0)
            #expect(try verified.json()["content_checked"] as? Bool == true)
        }
        let blind = try Commands.backupy(["verify", destination], environment: store.environment)
        #expect(blind.status == 0 && blind.output.contains("not checked"))

        let restored = try Commands.backupy(
            ["restore", destination, "--to", server.url("copy"), "--create", "--identity", folder("key.txt")],
            environment: store.environment)
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(try server.dumpText("copy") == server.dumpText("shop"))

        let drill = [
            "verify", destination, "--identity", folder("key.txt"), "--restore-into", server.url("drill"), "--create",
        ]
        let compared = try Commands.backupy(drill + ["--json"], environment: store.environment)
        #expect((try compared.json()["restored"] as? [String: Any])?["verdict"] as? String == "equal", "\(compared)")
        #expect(try Commands.backupy(drill, environment: store.environment).errors.contains("is not empty"))

        let fetched = try Commands.backupy(
            ["download", destination, "-o", folder("x")], environment: store.environment)
        #expect(fetched.status == 0)
        #expect(
            try Commands.decrypt(["--identity", folder("key.txt"), "--in", folder("x"), "--out", folder("x.dump")])
                .status == 0)
        #expect(try TestProcess.run("/usr/bin/pg_restore", ["--list", folder("x.dump")]).status == 0)
        let again = try Commands.backupy(["download", destination, "-o", folder("x")], environment: store.environment)
        #expect(again.status == 1 && again.errors.contains("exists already"))
    }

    @Test func keygenWritesOnceAndPrivately() throws {
        let first = try Commands.backupy(["keygen", "-o", folder("key")])
        #expect(first.status == 0 && first.errors.contains("Public key: age1"))
        let bytes = FileManager.default.contents(atPath: folder("key"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder("key"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try Commands.backupy(["keygen", "-o", folder("key")]).status == 1)
        #expect(FileManager.default.contents(atPath: folder("key")) == bytes)
        let printed = try Commands.backupy(["keygen"])
        #expect(printed.output.contains("AGE-SECRET-KEY-1") && printed.errors.contains("Public key: age1"))
    }

    /// A result that can't be written is no success.
    @Test func aFullDiskBehindStdoutIsAFailure() throws {
        for arguments in [
            ["keygen"], ["keygen", "--json"], ["list", "file://" + folder("store"), "--json"], ["--help"],
        ] {
            let command = try "'\(TestTools.product("backupy"))' \(arguments.joined(separator: " ")) >/dev/full"
            let outcome = try TestProcess.run("/bin/sh", ["-c", command], environment: Commands.clean)
            #expect(outcome.status == 1, "\(arguments): \(outcome)")
            #expect(outcome.errors.contains("No space left on device"), "\(arguments): \(outcome)")
        }
    }

    /// What was not counted, by choice or by failure, is said as it is.
    @Test func aMissingFingerprintIsExplained() throws {
        let name = BackupName(host: "h", database: "shop", id: try BackupID("20260131-235959-k3v9qz"))
        let manifest = Manifest(
            id: name.id.string, created: UTCTime(Date()), source: .init(host: "h", database: "shop\u{1B}[2J"),
            scope: .database, engine: .postgresql, engineVersion: "PostgreSQL 16.2", toolVersion: nil,
            compression: .zstd, format: .none, object: name.id.string + ".dump.zst", storedSize: 1,
            storedSHA256: String(repeating: "00", count: 32), dumpSize: 1, recipients: [])
        func text(_ fingerprint: Result<Fingerprint, any Error>?) -> BackupText {
            BackupText(
                BackupReport(
                    name: name, manifest: manifest, readBack: .all, stages: [], limiting: nil,
                    dumpDuration: .seconds(1), readBackDuration: .seconds(1), fingerprint: fingerprint),
                location: "s3://b")
        }
        #expect(text(nil).lines.contains { $0.contains("no fingerprint was taken") })
        let failed = try Console.jsonText(text(.failure(PipelineError.noBackup("s3://b"))))
        #expect(failed.contains("fingerprint_error") && failed.contains("pipeline.no_backup"))
        #expect(try !Console.jsonText(text(nil)).contains("fingerprint_error"))
    }

    @Test func whatIsWrongUsage() throws {
        let database = "sqlite://" + folder("x.db")
        for arguments in [
            [], ["nonsense"], ["backup"], ["backup", database, "--to", "file:///tmp/x", "--nonsense"],
            ["backup", database, "--to", "file:///tmp/x"],
            ["backup", database, "--to", "file:///tmp/x", "--recipient", "age1x", "--no-encryption"], ["verify"],
            ["backup", database, "--to", "file:///tmp/x", "--no-encryption", "--compression", "lzma"],
        ] where !arguments.isEmpty {
            let outcome = try Commands.backupy(arguments)
            #expect(outcome.status == 2, "\(arguments): \(outcome.status)")
            #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
            let forMachines = try Commands.backupy(arguments + ["--json"])
            #expect(forMachines.status == 2 && forMachines.output.isEmpty)
            #expect(try forMachines.errorCode().hasPrefix("command."), "\(forMachines)")
        }
        for arguments in [["--help"], ["--version"], ["help", "backup"], ["restore", "--help"]] {
            let outcome = try Commands.backupy(arguments)
            #expect(outcome.status == 0 && !outcome.output.isEmpty)
        }
    }

    /// One clear line each, and nothing stored.
    @Test func failuresAreOneLineAndStoreNothing() async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("shop")
        try server.sql("CREATE TABLE secret AS SELECT 1; CREATE ROLE reader LOGIN PASSWORD 'pw'", in: "shop")
        let key = try Commands.keygen(folder("key.txt"))
        let cases = [
            (server.url("shop", password: "wrong"), "driver.authentication_failed"),
            (server.url("nope"), "driver.unknown_database"),
            (server.url("shop", user: "reader", password: "pw"), "driver.tool_failed"),
            ("sqlite://" + folder("missing.db"), "driver.file_not_found"),
        ]
        for (url, code) in cases {
            let arguments = ["backup", url, "--to", "file://" + folder("store"), "--recipient", key]
            let outcome = try Commands.backupy(arguments)
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            #expect(
                outcome.errors.hasPrefix("error: ") && outcome.errors.split(separator: "\n").count == 2,
                "\(outcome.errors)")
            #expect(!outcome.errors.contains(PostgreSQLServer.password))
            #expect(try Commands.backupy(arguments + ["--json"]).errorCode() == code)
            #expect(!folder.files().contains { $0.hasPrefix("store/") })
        }
        #expect(try Commands.backupy(["list", "file://" + folder("store")]).output.contains("no backups"))
    }

    @Test func aFullDiskStoresNothing() async throws {
        let small = folder("small")
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: false)
        guard try TestProcess.run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "none", small]).status == 0 else {
            print("skipped: only root can mount a small disk")
            return
        }
        defer { _ = try? TestProcess.run("/bin/umount", [small]) }
        try TestProcess.run(
            "/usr/bin/sqlite3",
            [folder("a.db"), "CREATE TABLE t AS SELECT randomblob(1000) FROM generate_series(1, 6000)"])
        let outcome = try Commands.backupy(
            ["backup", "sqlite://" + folder("a.db"), "--to", "file://\(small)/store", "--no-encryption", "--json"])
        #expect(try outcome.errorCode() == "storage.disk_full")
        #expect(try TestProcess.run("/usr/bin/find", [small, "-type", "f"]).output.isEmpty)
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
    func stoppingPutsEverythingBack(_ signal: Int32, _ status: Int32) async throws {
        let server = try await PostgreSQLServer()
        let store = try await SeaweedFS()
        let proxy = try FaultyProxy(to: store.port) { _ in .slow(2 << 20) }
        try server.createDatabase("shop")
        try server.sql(
            "CREATE TABLE t AS SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 900000) AS i GROUP BY i / 100",
            in: "shop")
        let key = try Commands.keygen(folder("key.txt"))
        let environment = store.environment.merging(["AWS_ENDPOINT_URL": proxy.endpoint]) { $1 }
        let run = try Commands.start(
            ["backup", server.url("shop"), "--to", "s3://\(SeaweedFS.bucket)/x", "--recipient", key],
            environment: environment,
            log: folder("log"))
        try await eventually("a part is on its way") { proxy.requests.contains { $0.contains("partNumber=1") } }
        run.send(signal)
        try await eventually("it has ended", within: .seconds(60)) { !run.isRunning }
        #expect(run.exitStatus == status, "\(run.words)")
        #expect(run.words.contains("what had been begun was undone"))
        let uploads = try TestProcess.run(
            try TestTools.path("rclone"),
            [
                "--config", "", "backend", "list-multipart-uploads",
                ":s3,provider=Other,env_auth=true,endpoint=\"\(store.endpoint)\":\(SeaweedFS.bucket)",
            ],
            environment: store.environment)
        #expect(uploads.status == 0 && !uploads.output.contains("UploadId"), "\(uploads)")
        #expect(try server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0")
        let listed = try Commands.backupy(["list", "s3://\(SeaweedFS.bucket)/x"], environment: store.environment)
        #expect(listed.output.contains("no backups"))
    }

    /// nohup means that the end of the terminal is not the end of the backup.
    @Test func underNohupSIGHUPIsIgnored() async throws {
        let proxy = try FaultyProxy(to: 1) { _ in .stall }
        let program = try TestTools.product("backupy")
        let command = "trap '' HUP; exec '\(program)' list s3://bucket/x --endpoint \(proxy.endpoint)"
        let run = try TestProcess(
            "/bin/sh", ["-c", command],
            environment: Commands.clean.merging(["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]) { $1 },
            log: folder("log"))
        try await eventually("it has asked the store") { !proxy.requests.isEmpty }
        run.send(SIGHUP)
        run.send(SIGTERM)
        try await eventually("it has ended", within: .seconds(30)) { !run.isRunning }
        #expect(run.exitStatus == 143, "\(run.words)")
    }
}
