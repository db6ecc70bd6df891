internal import ArgumentParser
internal import BackupCore
internal import BackupDrivers
internal import BackupFormat
internal import BackupPipeline
internal import FoundationEssentials

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup back into a database.",
        usage: """
            backupy restore SRC --to DATABASE-URL [OPTIONS]
            backupy restore --run RUN [--to TARGET] [--into DATABASE] [--wait] [OPTIONS]
            """,
        discussion: """
            The database must be there and empty, unless --create or --overwrite says otherwise. Into PostgreSQL and SQLite all of it is \
            restored, or nothing; other engines commit as they go. After a failure the error says in what state the database is.

            With --run a server has one of its agents do it: into the target that was backed up, or another one.
            """)

    @Argument(help: ArgumentHelp("DEST for its newest backup, DEST/ID, or DEST/latest.", valueName: "SRC"))
    var location: String?

    @Option(
        help: ArgumentHelp(
            "Whose newest backup, where DEST holds those of several databases; as 'backupy list' prints it.",
            valueName: "host/database"))
    var source: String?

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp(
            "postgres://, mysql://, mariadb:// or mongodb://, each with USER@HOST:PORT/DATABASE; redis://USER@HOST:PORT, or rdb:///PATH for a file that a server starts from; sqlite:///PATH. With --run: a target, as 'backupy targets' prints it.",
            valueName: "DATABASE-URL"))
    var database: String?

    @OptionGroup var identities: IdentityOptions

    @Option(
        name: .customLong("database"),
        help: ArgumentHelp("Of a whole server's backup, restore only this database.", valueName: "NAME"))
    var only: String?

    @Flag(help: "Make the database when there is none.")
    var create = false

    @Flag(help: "Restore into a database that is not empty: what has the same name is replaced.")
    var overwrite = false

    @Flag(help: "Leave out who owns what: everything belongs to the user who restores.")
    var noOwner = false

    @Flag(help: "Leave out grants.")
    var noPrivileges = false

    @OptionGroup(title: "Docker") var docker: DockerOptions
    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Through a server") var remote: RemoteRestoreOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Result: Encodable {
        let backup: Manifest
        let database: String
        let engineVersion: String
        let seconds: Double
        let limiting: StageName?
        let stages: [StageReport]
    }

    func run() async throws {
        if let run = remote.run { return try await restore(run) }
        if let stray = remote.given { throw UsageError.onlyWithRun(stray) }
        guard let location else { throw UsageError.missing("SRC") }
        guard let database else { throw UsageError.missing("--to") }
        try await restore(BackupSource(location, source: source), into: database)
    }

    /// The server's part.
    private func restore(_ run: String) async throws {
        guard location == nil else { throw UsageError.restoreFromTwo }
        if let stray = optionOfThisMachine { throw UsageError.notWithRun(stray) }
        let order = RemoteRestore(
            run: run, target: database, database: remote.into, create: create, overwrite: overwrite,
            withoutOwners: noOwner, withoutPrivileges: noPrivileges, only: only,
            identityReference: remote.identityReference)
        try await order.run(
            try remote.server.login(caFile: storeOptions.caFile), waits: remote.wait, output: output)
    }

    /// What says how this machine reaches a database or a store.
    private var optionOfThisMachine: String? {
        if database?.contains("://") == true { return "--to with a URL" }
        if source != nil { return "--source" }
        if !identities.identity.isEmpty { return "--identity" }
        if identities.allowUnencrypted { return "--allow-unencrypted" }
        if docker.container != nil { return "--container" }
        if docker.dockerSocket != nil { return "--docker-socket" }
        return storeOptions.endpoint == nil ? nil : "--endpoint"
    }

    private func restore(_ source: BackupSource, into database: String) async throws {
        let (identities, allowsUnencrypted) = (try identities.load(), identities.allowUnencrypted)
        let options = options
        let driver = try docker.driver(for: database)
        try await storeOptions.withStore(source.destination) { store in
            let progress = Progress()
            let report = try await Session.run(progress, output: output) {
                try await RestoreService(catalogue: Catalogue(store: store), driver: driver, progress: progress)
                    .run(
                        source.selector, identities: identities, allowsUnencrypted: allowsUnencrypted, options: options)
            }
            if output.json {
                try Console.print(
                    json: Result(
                        backup: report.manifest, database: driver.databaseName,
                        engineVersion: report.target.engineVersion, seconds: report.duration / .seconds(1),
                        limiting: report.limiting, stages: report.stages))
            } else {
                try Console.print(lines: lines(report, database: driver.databaseName))
            }
        }
    }

    private var options: RestoreOptions {
        var options = RestoreOptions()
        options.create = create
        options.overwrite = overwrite
        options.withoutOwners = noOwner
        options.withoutPrivileges = noPrivileges
        options.only = only
        return options
    }

    /// Whether nothing of it counts before all of it does; other engines commit as they go.
    private func isAtOnce(_ manifest: Manifest) -> Bool {
        manifest.engine == .sqlite || (manifest.engine == .postgresql && manifest.scope == .database)
    }

    private func lines(_ report: RestoreService.Report, database: String) -> [String] {
        let manifest = report.manifest
        let limit = report.limiting.map { ", limited by \($0.rawValue)" } ?? ""
        let order = isAtOnce(manifest) ? " before it was committed" : ""
        return [
            "Restored backup \(manifest.id) of \(manifest.source.database) into \(database) (\(report.target.engineVersion))",
            "  dump  \(Quantity.bytes(manifest.dumpSize)), all of it checked\(order)",
            "  took  \(Quantity.duration(report.duration))\(limit)",
        ]
    }
}
