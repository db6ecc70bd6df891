internal import ArgumentParser
internal import BackupCore
internal import BackupDrivers
internal import BackupFormat
internal import BackupPipeline
internal import FoundationEssentials

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a whole backup, and check all that can be checked.",
        discussion: """
            With an identity: every byte is decrypted and decompressed, and header, manifest and dump are proven to be those that were \
            written, and the dump to begin and end as its engine's dumps do. Without one, an encrypted backup's size and SHA-256 are \
            compared with its manifest, and the answer says so.

            With --restore-into it is also restored into an empty database, which is then compared with what was recorded in the \
            dump's own snapshot: every table's exact number of rows, and the schema. The database stays, for you to look at.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var identities: IdentityOptions
    @Option(help: ArgumentHelp("Restore into this empty database, and compare.", valueName: "DATABASE-URL"))
    var restoreInto: String?

    @Flag(help: "With --restore-into: make the database.")
    var create = false

    @OptionGroup(title: "Docker") var docker: DockerOptions
    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Result: Encodable {
        let backup: Manifest
        let contentChecked: Bool
        let seconds: Double
        let restored: DrillText?

        init(_ report: VerifyService.Report) {
            backup = report.manifest
            contentChecked = report.isContentChecked
            seconds = report.duration / .seconds(1)
            restored = nil
        }

        init(_ report: DrillService.Report, database: String) {
            backup = report.restore.manifest
            contentChecked = true
            seconds = report.restore.duration / .seconds(1)
            restored = DrillText(report, database: database)
        }
    }

    func run() async throws {
        let (identities, allowsUnencrypted) = (try identities.load(), identities.allowUnencrypted)
        let source = source.parsed
        let driver = try restoreInto.map { try docker.driver(for: $0) }
        var options = RestoreOptions()
        options.create = create
        try await storeOptions.withStore(source.destination) { [options] store in
            let progress = Progress()
            let catalogue = Catalogue(store: store)
            let result = try await Session.run(progress, output: output) {
                if let driver {
                    // A restore reads and checks all that verifying does.
                    let report = try await DrillService(catalogue: catalogue, driver: driver, progress: progress)
                        .run(
                            source.selector, identities: identities, allowsUnencrypted: allowsUnencrypted,
                            options: options)
                    return Result(report, database: driver.databaseName)
                }
                let report = try await VerifyService(catalogue: catalogue, progress: progress)
                    .run(source.selector, identities: identities, allowsUnencrypted: allowsUnencrypted)
                return Result(report)
            }
            try output.json ? Console.print(json: result) : Console.print(lines: lines(result))
        }
    }

    func validate() throws {
        if create, restoreInto == nil { throw ValidationError("--create goes with --restore-into") }
    }

    private func lines(_ result: Result) -> [String] {
        let manifest = result.backup
        let stored = Quantity.bytes(manifest.storedSize)
        let duration = Quantity.duration(.seconds(result.seconds))
        guard result.contentChecked else {
            return [
                "Backup \(manifest.id): the stored bytes are those that the manifest describes (\(stored), SHA-256, \(duration))",
                "  not checked  whether the manifest is the one that was written, whether the backup can be decrypted, and "
                    + "what is inside: that takes --identity FILE",
            ]
        }
        let key = manifest.format == .none ? "" : ", decrypted"
        let proof =
            manifest.format == .none
            ? "agrees; nothing proves who wrote it, because the backup is not encrypted"
            : "agrees, and is proven to be the one that was written"
        return [
            "Backup \(manifest.id) is good: \(stored) read\(key) and decompressed in \(duration)",
            "  dump      \(Quantity.bytes(manifest.dumpSize)) of \(manifest.source.database) (\(manifest.engineVersion))",
            "  manifest  \(proof)",
        ] + (result.restored?.lines ?? [])
    }
}
