internal import ArgumentParser
internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Fetch a backup's object as it is stored, still encrypted.",
        discussion: "The file appears under its name once its size and SHA-256 are those in the manifest.")

    @OptionGroup var source: SourceOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write (0600). Must not exist.", valueName: "file"))
    var output: String

    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Output") var speech: OutputOptions

    private struct Result: Encodable {
        let backup: Manifest
        let file: String
    }

    func run() async throws {
        let source = source.parsed
        let path = output
        try await storeOptions.withStore(source.destination) { store in
            let progress = Progress()
            let (name, manifest) = try await Session.run(progress, output: speech) {
                try await OutputFile.write(path) { file in
                    try await DownloadService(catalogue: Catalogue(store: store), progress: progress)
                        .run(source.selector, into: file)
                }
            }
            if speech.json {
                try Console.print(json: Result(backup: manifest, file: path))
            } else {
                try Console.print(lines: lines(name, manifest))
            }
        }
    }

    private func lines(_ name: BackupName, _ manifest: Manifest) -> [String] {
        let size = Quantity.bytes(manifest.storedSize)
        let file = "\(name.id).\(manifest.engine.dumpExtension(manifest.scope))"
        let opening = ["  open it  backupy-decrypt --identity FILE --in \(output) --out \(file)"]
        return ["Downloaded backup \(name.id) to \(output): \(size), as its manifest says"]
            + (manifest.format == .v2 ? opening : [])
    }
}
