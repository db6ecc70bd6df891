internal import ArgumentParser
internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the backups in a store, oldest first.",
        discussion: "Exit status 1 when a backup's manifest can't be read; the others are shown all the same.")

    @Argument(help: ArgumentHelp("s3://BUCKET/PREFIX or file:///DIRECTORY.", valueName: "DEST"))
    var destination: String

    @Option(help: ArgumentHelp("Only this database's.", valueName: "host/database"))
    var source: String?

    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        try await storeOptions.withStore(destination) { store in
            let source = source
            let entries = try await Session.run(Progress(), output: output) {
                try await Catalogue(store: store).entries(source: source)
            }
            let text = ListText(entries, location: store.location)
            try output.json ? Console.print(json: text) : Console.print(lines: text.lines)
            for failure in text.failures where !output.json { ErrorReport(failure).print() }
            if !text.failures.isEmpty { throw AlreadyReported() }
        }
    }
}
