internal import ArgumentParser
internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Fetch a backup's object as it is stored, still encrypted.",
        usage: """
            backupy download SRC --output FILE [OPTIONS]
            backupy download --run RUN --output FILE [--decryption-token FILE] [OPTIONS]
            """,
        discussion: """
            The file appears under its name once its size and SHA-256 are those in the manifest. With --run it comes from a server's store, \
            and they are those that the server knows.
            """)

    @Argument(help: ArgumentHelp("DEST for its newest backup, DEST/ID, or DEST/latest.", valueName: "SRC"))
    var location: String?

    @Option(
        help: ArgumentHelp(
            "Whose newest backup, where DEST holds those of several databases; as 'backupy list' prints it.",
            valueName: "host/database"))
    var source: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write (0600). Must not exist.", valueName: "file"))
    var output: String

    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Through a server") var remote: RemoteDownloadOptions
    @OptionGroup(title: "Output") var speech: OutputOptions

    private struct Result: Encodable {
        let backup: Manifest
        let file: String
    }

    func run() async throws {
        if let run = remote.run { return try await download(run) }
        if let stray = remote.given { throw UsageError.onlyWithRun(stray) }
        guard let location else { throw UsageError.missing("SRC") }
        try await download(BackupSource(location, source: source))
    }

    /// The server's part.
    private func download(_ run: String) async throws {
        guard location == nil else { throw UsageError.restoreFromTwo }
        if source != nil { throw UsageError.notWithRun("--source") }
        if storeOptions.endpoint != nil { throw UsageError.notWithRun("--endpoint") }
        try await RemoteDownload(run: run, path: output, tokenPath: remote.decryptionToken)
            .run(try remote.server.login(caFile: storeOptions.caFile), output: speech)
    }

    private func download(_ source: BackupSource) async throws {
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
