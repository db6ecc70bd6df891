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
        discussion: """
            The database must be there and empty, unless --create or --overwrite says otherwise. Into PostgreSQL and SQLite all of it is \
            restored, or nothing; other engines commit as they go. After a failure the error says in what state the database is.
            """)

    @OptionGroup var source: SourceOptions

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp(
            "postgres://, mysql://, mariadb:// or mongodb://, each with USER@HOST:PORT/DATABASE; redis://USER@HOST:PORT, or rdb:///PATH for a file that a server starts from; sqlite:///PATH.",
            valueName: "DATABASE-URL"))
    var database: String

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
        let (identities, allowsUnencrypted) = (try identities.load(), identities.allowUnencrypted)
        let source = source.parsed
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
