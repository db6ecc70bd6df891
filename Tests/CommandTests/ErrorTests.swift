import BackupAgent
import BackupCore
import BackupDrivers
import BackupFormat
import BackupPipeline
import BackupState
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation
import Testing

@testable import backupy
@testable import backupy_load

/// Every error as a person meets it. `BACKUPY_TEST_RECORD=1` writes Golden/errors.txt and docs/errors.md anew.
@Suite struct ErrorTests {
    static let command: [any BackupError] = [
        CommandError.fileExists("key.txt"), CommandError.unreadableFile("key.txt", errno: 2),
        CommandError.unwritableFile("key.txt", errno: 13),
        CommandError.fileTooLarge("key.txt", limit: 65536), CommandError.unwritableResult(errno: ENOSPC),
        UsageError.arguments("Unknown option '--nonsense'"),
        UsageError.noRecipient,
        UsageError.recipientsWithoutEncryption,
        CommandError.publicFile("~/.config/backupy/login.json"),
        CommandError.badLoginFile("~/.config/backupy/login.json"), CommandError.badCertificates("ca.pem"),
        UsageError.noTerminal("Password: "), UsageError.passwordsDiffer, UsageError.restoreFromTwo,
        UsageError.missing("--to"),
        UsageError.onlyWithRun("--wait"), UsageError.notWithRun("--identity"),
        Interruption(signal: SIGINT, underlying: nil),
    ]

    static let remote: [any BackupError] = [
        RemoteError.notLoggedIn,
        RemoteError.invalidAddress("ftp://h", reason: "it does not begin with https://"),
        RemoteError.insecureAddress("http://h"),
        RemoteError.unreachable("https://h", reason: "Connection refused"),
        RemoteError.untrustedCertificate("https://h"),
        RemoteError.wrongName("https://h"), RemoteError.tls("https://h", reason: "what listens there speaks no TLS"),
        RemoteError.connectionLost("https://h", reason: "Connection reset by peer"), RemoteError.timedOut("https://h"),
        RemoteError.loginRefused("email, password or code are wrong"), RemoteError.setupRefused("https://h"),
        RemoteError.unauthorized("https://h"),
        RemoteError.denied(reason: "a viewer may not run jobs"), RemoteError.notFound(reason: "there is no run x"),
        RemoteError.invalid(reason: "a field is wrong (cron: it has six fields)"),
        RemoteError.conflict(reason: "there is an agent 'web-1'"),
        RemoteError.precondition(reason: "the agent is not connected"), RemoteError.rateLimited("https://h"),
        RemoteError.failed("https://h", status: 500, reason: "internal error"),
        RemoteError.answerTooLarge("https://h", limit: 8 << 20), RemoteError.unexpectedAnswer("https://h"),
        RemoteError.noSuchThing(kind: "job", name: "nightly"),
        RemoteError.severalThings(kind: "job", name: "nightly", choices: ["web-1/nightly", "web-2/nightly"]),
        RemoteError.runFailed("20260131-235959-k3v9qz", status: "failed", reason: "pg_dump failed", hint: "grant it"),
        RemoteError.restoreFailed("20260131-235959-k3v9qz", status: "lost", reason: "", hint: "", state: ""),
    ]

    static let apply: [any BackupError] = [
        ApplyError.notYAML("f.yaml", line: 3, reason: "did not find expected key"),
        ApplyError.unknownField("f.yaml", line: 3, field: "crn", known: ["name", "cron"]),
        ApplyError.wrongValue("f.yaml", line: 3, field: "port", reason: "must be a whole number"),
        ApplyError.fixedValue("f.yaml", line: 3, field: "engine", old: "postgresql"),
        ApplyError.missingField("f.yaml", line: 3, field: "name"),
        ApplyError.repeatedName("f.yaml", line: 3, thing: "job web-1/nightly"),
        ApplyError.unknownName("f.yaml", line: 3, field: "target", name: "web-1/shop"),
        ApplyError.secretInFile("f.yaml", line: 3, field: "password"),
        ApplyError.secretMissing("f.yaml", line: 3, field: "password", reference: "${SHOP_PASSWORD}"),
        ApplyError.notConfirmed,
        ApplyError.stopped(
            done: 2, of: 5, at: "job web-1/nightly", because: RemoteError.denied(reason: "a viewer may not make jobs")),
    ]

    static let core: [any BackupError] = [
        CoreError.invalidObjectKey("a//b", reason: "a segment is empty"), CoreError.invalidBackupID("x"),
        CoreError.fileExists("out.dump"),
        CoreError.systemCall("write", on: "out.dump", errno: ENOSPC),
    ]

    static let format: [any BackupError] = [
        FormatError.truncated, FormatError.trailingBytes, FormatError.frameTooShort(3), FormatError.frameTooLong(.max),
        FormatError.frameNotAuthentic(2), FormatError.notV2, FormatError.headerTooLarge, FormatError.badHeaderLine(3),
        FormatError.duplicateName("run"), FormatError.missingName("engine"), FormatError.badValue("created"),
        FormatError.badStanza(7),
        FormatError.headerNotAuthentic, FormatError.wrongCommitment, FormatError.chunkNotAuthentic(12),
        FormatError.noIdentityMatches(2),
        FormatError.noRecipient, FormatError.badRecipient("age1x"), FormatError.badIdentity("key.txt", line: 1),
        FormatError.noIdentity("key.txt"), FormatError.badCompressedData(.zstd),
        FormatError.truncatedCompressedData(.gzip),
        FormatError.badLevel(99, .zstd), FormatError.compressorFailed(.zstd), FormatError.hashMismatch,
        FormatError.badToken("its header can't be read"),
        FormatError.expiredToken, FormatError.badManifest("'id' is missing"),
    ]

    static let driver: [any BackupError] = [
        DriverError.unknownScheme("oracle"), DriverError.invalidURL(reason: "it has no scheme"),
        DriverError.noDatabaseName,
        DriverError.unsafeParameter("sslpassword"), DriverError.toolNotFound("pg_dump"),
        DriverError.toolTooOld("pg_dump", version: "13.4", database: "PostgreSQL 16"),
        DriverError.toolDoesNotFit("pg_restore", version: "15.14", reason: "the backup was written by pg_dump 18.1"),
        DriverError.toolNotStarted("pg_dump", reason: "Permission denied"),
        DriverError.libraryNotLoaded(
            "libmongoc", reason: "libmongoc-1.0.so.0: cannot open shared object file: No such file or directory"),
        DriverError.toolFailed(
            "pg_dump", ending: "exit status 1", words: "pg_dump: error: permission denied for table t"),
        DriverError.unexpectedDump("pg_dump"), DriverError.cannotConnect("app", reason: "Connection refused"),
        DriverError.incompleteDump("mariadb-dump"),
        DriverError.unsupportedOption("--no-owner", engine: "MySQL"),
        DriverError.invalidContainer("a/b"),
        DriverError.dockerUnreachable("/var/run/docker.sock", reason: "Permission denied"),
        DriverError.dockerFailed("its stream was cut short"), DriverError.noSuchContainer("db"),
        DriverError.containerNotRunning("db", reason: "Container 1f2e is not running"),
        DriverError.noSuchVariable("POSTGRES_PASSWORD", container: "db"),
        DriverError.damagedArchive("it was cut short"),
        DriverError.valueTooLarge(700_000_000),
        DriverError.notInBackup("shop", databases: ["app", "crm"]),
        DriverError.otherFlavour(database: "app", server: "MySQL 8.0.36", dump: "MariaDB 10.11.6"),
        DriverError.authenticationFailed("app", reason: "password authentication failed for user \"u\""),
        DriverError.unknownDatabase("app"),
        DriverError.notReady("app", reason: "the database system is starting up"),
        DriverError.queryFailed("app", sqlState: "42501", reason: "permission denied"),
        DriverError.serverTooOld(database: "app", version: "PostgreSQL 14.1", dump: "PostgreSQL 16.2"),
        DriverError.notEmpty("app"),
        DriverError.cannotDropDatabase("app", reason: "in use"), DriverError.fileNotFound("/srv/app.db"),
        DriverError.notADatabase("/srv/app.db"),
        DriverError.damaged("/srv/app.db", reason: "database disk image is malformed"), DriverError.busy("/srv/app.db"),
        DriverError.leftoverJournal("/var/lib/app.db-wal"), DriverError.noSpace("/srv", needed: 2000, free: 1000),
        DriverError.diskFull("/srv/app.db"),
        DriverError.sqlite("/srv/app.db", code: 10, reason: "disk I/O error"),
    ]

    static let storage: [any BackupError] = [
        StorageError.invalidLocation("ftp://x", reason: "it begins neither with s3:// nor with file://"),
        StorageError.invalidSetting("endpoint", reason: "it is not an http:// or https:// address"),
        StorageError.noCredentials(profile: "default"), StorageError.notFound("a/b", location: "s3://b"),
        StorageError.objectExists("a/b", location: "s3://b"), StorageError.archived("a/b", location: "s3://b"),
        StorageError.tooLarge("a/b", location: "s3://b"),
        StorageError.locked("a/b", location: "s3://b", until: Date(timeIntervalSince1970: 1_893_456_000)),
        StorageError.noSuchBucket(location: "s3://b"),
        StorageError.accessDenied(location: "s3://b", operation: "PutObject"),
        StorageError.wrongSecret(location: "s3://b"), StorageError.unknownAccessKey(location: "s3://b"),
        StorageError.expiredCredential(location: "s3://b"), StorageError.clockSkew(location: "s3://b"),
        StorageError.wrongRegion(location: "s3://b", right: "eu-central-1"),
        StorageError.refused(location: "s3://b", operation: "PutObject", status: 400, code: "InvalidRequest"),
        StorageError.unreachable(location: "s3://b", reason: "Connection refused"),
        StorageError.connectionLost(
            location: "s3://b", operation: "UploadPart", reason: "Connection reset by peer"),
        StorageError.tls(location: "s3://b", reason: "the certificate is not trusted"),
        StorageError.stalled(location: "s3://b", operation: "UploadPart"),
        StorageError.serverError(location: "s3://b", operation: "UploadPart", status: 503, code: "SlowDown"),
        StorageError.invalidResponse(
            location: "s3://b", operation: "ListObjectsV2", reason: "it is no ListBucketResult"),
        StorageError.cutShort("a/b", location: "s3://b", received: 10, expected: 20),
        StorageError.changedWhileRead("a/b", location: "s3://b"),
        StorageError.uploadLeft("a/b", location: "s3://b", uploadID: "u1", after: CancellationError()),
        StorageError.invalidGrant(reason: "a URL is not an https:// address"),
        StorageError.urlExpired(location: "https://s3.example.com/b/a", operation: "UploadPart"),
        StorageError.urlRefused(
            location: "https://s3.example.com/b/a", operation: "UploadPart", code: "SignatureDoesNotMatch"),
        StorageError.unsupported("ListObjectsV2", location: "https://s3.example.com/b/a"),
        StorageError.overLimit("a/b", location: "https://s3.example.com/b/a", limit: 5 << 30),
        StorageError.spoolFull(directory: "/var/lib/backup-agent/spool", written: 3 << 30),
        StorageError.diskFull(location: "file:///srv"),
        StorageError.fileSystem(location: "file:///srv", path: "a/b", errno: EACCES),
    ]

    static let pipeline: [any BackupError] = [
        PipelineError.noBackup("s3://b"), PipelineError.noSuchBackup("20260131-235959-k3v9qz", location: "s3://b"),
        PipelineError.severalSources(["h/a", "h/b"], location: "s3://b"),
        PipelineError.unreadableManifest("h/a/x.manifest.json", FormatError.badManifest("it is not JSON")),
        PipelineError.manifestMismatch("20260131-235959-k3v9qz", what: "the manifest is that of another"),
        PipelineError.storedBytesDiffer("20260131-235959-k3v9qz", what: "5 bytes, not 6"),
        PipelineError.dumpDiffers("20260131-235959-k3v9qz", what: "5 bytes, not 6"),
        PipelineError.needsIdentity("20260131-235959-k3v9qz"),
        PipelineError.notEncrypted("20260131-235959-k3v9qz"),
        PipelineError.notAuthentic("20260131-235959-k3v9qz"), PipelineError.olderFormat("20260131-235959-k3v9qz"),
        PipelineError.otherEngine("20260131-235959-k3v9qz", of: .sqlite, target: .postgresql),
        PipelineError.needsDatabaseName("20260131-235959-k3v9qz"),
        PipelineError.isOfAServer("20260131-235959-k3v9qz"), PipelineError.isOfADatabase("20260131-235959-k3v9qz"),
        PipelineError.restoredDiffers(
            "20260131-235959-k3v9qz", differences: ["public.orders: 99 rows, not 100", "the schema differs"]),
        PipelineError.objectTooLarge("h/a/x.manifest.json", limit: 1 << 20),
        PipelineError.leftBehind(
            "h/a/x", location: "s3://b", after: CancellationError(),
            because: StorageError.stalled(location: "s3://b", operation: "DeleteObject")),
    ]

    static let wire: [any BackupError] = [WireError.malformed(bytes: 20), WireError.tooLarge(bytes: 5_000_000)]

    static let state: [any BackupError] = [
        StateError.notWritable("/var/lib/backup-agent", uid: 65532, reason: "Permission denied"),
        StateError.inUse("/var/lib/backup-agent"), StateError.wrongKey("/var/lib/backup-agent/state.db"),
        StateError.damaged("/var/lib/backup-agent/state.db", reason: "it is empty"),
        StateError.newerVersion("/var/lib/backup-agent/state.db", version: 3, known: 1),
        StateError.missing("/var/lib/backup-agent/state.db"), StateError.diskFull("/var/lib/backup-agent/state.db"),
        StateError.outboxFull(entries: 20_000, bytes: 5_000_000),
        StateError.failed("/var/lib/backup-agent/state.db", code: 10, reason: "disk I/O error"),
        StateError.closed("/var/lib/backup-agent/state.db"),
    ]

    static let agent: [any BackupError] = [
        AgentError.settings([
            SettingProblem(variable: "BACKUPY_AGENT_KEY", problem: "is not set", example: "bkpy_live_…"),
            SettingProblem(variable: "BACKUPY_LOG_LEVEL", problem: "is not one of …", example: "info"),
        ]),
        AgentError.cannotListen("127.0.0.1:9090", reason: "Address already in use"),
        AgentError.policyUnreadable("/etc/policy.json", reason: "Permission denied"),
        AgentError.policyInvalid("/etc/policy.json", reason: "there is no 'restore'"),
        AgentError.deniedByPolicy("a restore into database 'app'", rule: "restores.databases"),
        AgentError.hooksDisabled, AgentError.tooManyHooks(17), AgentError.hookTooLong("pre-hook 1", bytes: 5000),
        AgentError.hookMisformed("pre-hook 1", reason: "docker exec takes no options here"),
        AgentError.hookNotStarted("pre-hook 1", reason: "there is no container 'shop'"),
        AgentError.hookFailed("pre-hook 2", ending: "exit status 1", words: "no such file"),
        AgentError.hookTimedOut("post-hook 1", seconds: 30, words: "waiting for lock"),
        AgentError.hooksTimedOut(seconds: 1800, words: ""),
        AgentError.socketPathTooLong("/a/very/long/path/health.sock"),
        AgentError.notRunning("/var/lib/backup-agent/health.sock", reason: "Connection refused"),
        AgentError.noAnswer("/var/lib/backup-agent/health.sock"),
        AgentError.unhealthy("loop 'scheduler' has not turned for 90 s"), AgentError.noUpdateOffered("1.4.0"),
    ]

    static let run: [any BackupError] = [
        RunError.unknownJob("nightly"), RunError.unknownTarget("shop"), RunError.unknownEngine("shop"),
        RunError.unknownCompression(job: "nightly"), RunError.keyMissing(job: "nightly"),
        RunError.keyUnwanted(job: "nightly"), RunError.keyMalformed, RunError.recipientsWithKey,
        RunError.noDestination, RunError.credentialsExpired,
        RunError.secretMissing("the file /run/secrets/db", reason: "No such file or directory"),
        RunError.queueFull(1000), RunError.timedOut(.seconds(3600)), RunError.interrupted, RunError.stopping,
        RunError.uploadRefused("there is no such run"), RunError.unexpectedAnswer("a request for addresses"),
        RunError.noDownload, RunError.cancelled("a person wants it"),
    ]

    static let session: [any BackupError] = [
        SessionError.invalidAddress("ftp://h", reason: "it begins neither with https:// nor with wss://"),
        SessionError.insecureAddress("http://h"),
        SessionError.unreadableCA("/etc/ca.pem", reason: "it is missing, unreadable, or has no PEM certificate"),
        SessionError.invalidPin("sha256/x"), SessionError.invalidProxy(reason: "only http:// proxies are supported"),
        SessionError.unknownHost("backups.example.com"), SessionError.refused("backups.example.com:443"),
        SessionError.unreachable("backups.example.com:443", reason: "No route to host"),
        SessionError.timedOut("backups.example.com:443", within: .seconds(10)),
        SessionError.proxyRefused("proxy:3128", status: 403),
        SessionError.proxyFailed("proxy:3128", reason: "Connection refused"),
        SessionError.untrustedCertificate("backups.example.com"),
        SessionError.expiredCertificate("backups.example.com"), SessionError.wrongName("backups.example.com"),
        SessionError.wrongPin("backups.example.com"), SessionError.tlsVersion("backups.example.com"),
        SessionError.tls("backups.example.com", reason: "it hung up during the handshake"),
        SessionError.unauthorized("backups.example.com:443"),
        SessionError.upgradeRefused("backups.example.com:443", status: 503),
        SessionError.noHandshake(within: .seconds(15)), SessionError.outOfTurn("a ping"),
        SessionError.silent(.seconds(90)), SessionError.replaced, SessionError.closed(code: 1012, reason: "restart"),
        SessionError.connectionLost("Connection reset by peer"), SessionError.frameTooLarge(limit: 4 << 20),
        SessionError.brokenFraming("its answer is not HTTP"), SessionError.noAnswer(within: .seconds(60)),
        SessionError.tooManyRequests(limit: 256),
    ]

    static let load: [any BackupError] = [
        LoadError.invalidAddress("localhost"), LoadError.unreadableFile("agents", errno: 13),
        LoadError.unwritableFile("agents", errno: 13), LoadError.badRoster("agents", line: 3),
        LoadError.refused("POST /v1/agents", status: 403, body: "PERMISSION_DENIED"),
        LoadError.unexpectedAnswer("POST /v1/agents"),
        LoadError.timedOut("the registration of 200 agents", after: .seconds(300)), LoadError.noProcess(4711),
    ]

    static let modules: [(String, [any BackupError])] =
        [
            ("Command line", command), ("A server, from the command line", remote),
            ("Files for backupy apply", apply), ("Databases", driver), ("Stores", storage),
            ("Formats and keys", format),
            ("Backups as a whole", pipeline), ("The agent on its host", agent),
            ("The agent's wire", wire), ("The agent's state", state), ("The agent's connection", session),
            ("The agent's runs and restores", run), ("The load tool", load),
            ("Files and names", core),
        ] + server

    private static var errors: [any BackupError] { modules.flatMap(\.1) }

    @Test func everyErrorAsItIsPrinted() throws {
        let text = Self.errors.map { error in
            let report = backupy.ErrorReport(error)
            return "\(report.text(coloured: false))\n\(report.json)\nlog: \(error)\n"
        }
        .joined(separator: "\n")
        try compare(text, with: TestTools.packageRoot + "/Tests/CommandTests/Golden/errors.txt")
    }

    @Test func thePageHasEveryCode() throws {
        let page = Self.modules.map { title, errors in
            let rows = errors.map { "| `\($0.code)` | \($0.message) | \($0.hint) | \($0.recovery.rawValue) |" }
            return "## \(title)\n\n| code | for example | what to do | recovery |\n|---|---|---|---|\n"
                + rows.joined(separator: "\n") + "\n"
        }
        let head = """
            # Errors

            Errors go to stderr as `error: MESSAGE` and a hint in the next line; with `--json` as
            `{"error": {"code": …, "message": …, "hint": …, "recovery": …}}`. Codes are stable. `recovery` says who can do something:
            `retry` (the same attempt may succeed later), `user_action` (something has to be changed first), `bug` (please report it).

            Exit status: 0 done, 1 failed, 2 wrong usage, 129, 130 or 143 stopped by SIGHUP, Ctrl-C or SIGTERM.


            """
        try compare(head + page.joined(separator: "\n"), with: TestTools.packageRoot + "/docs/errors.md")
    }

    /// The samples above are all there are: the codes are read from the sources.
    @Test func noCodeIsForgotten() throws {
        let sources = URL(filePath: TestTools.packageRoot + "/Sources")
        let names = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }
        var inSources: Set<String> = []
        for name in names where name.hasSuffix(".swift") && !name.hasPrefix("BackupTestSupport") {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            for match in text.matches(
                of:
                    /"((?:core|format|driver|storage|pipeline|command|wire|state|agent|session|run|load|remote|apply|server|kms|control|control_store|delivery)\.[a-z_0-9]+)"/
            ) {
                inSources.insert(String(match.1))
            }
        }
        // Events of the control plane are named alike.
        inSources.subtract(["agent.connected", "agent.disconnected", "agent.discovered"])
        // Of errors that only carry another one.
        inSources.subtract([
            "command.unexpected", "driver.restore_interrupted", "run.unexpected", "server.unexpected", "agent.failed",
            "agent.refused",
        ])
        #expect(Set(Self.errors.map(\.code)) == inSources)
        #expect(Set(Self.errors.map(\.code)).count == Self.errors.count, "a code stands for one thing")
    }

    @Test func everyErrorIsFitToBeRead() {
        for error in Self.errors {
            #expect(
                !error.message.contains("\n") && !error.message.hasSuffix(".") && error.message.count < 300,
                "\(error.code)")
            #expect(!error.hint.isEmpty && !error.hint.contains("\n"), "\(error.code)")
        }
    }

    private func compare(_ text: String, with path: String) throws {
        if ProcessInfo.processInfo.environment["BACKUPY_TEST_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text, "BACKUPY_TEST_RECORD=1 writes \(path) anew")
    }
}
