internal import ArgumentParser
internal import BackupCore
internal import BackupFormat
internal import BackupPipeline

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a whole backup, and check all that can be checked.",
        discussion: """
            With an identity: every byte is decrypted and decompressed, and header, manifest and dump are proven to be those that were \
            written. Without one, an encrypted backup's size, SHA-256 and names are checked, and the answer says so.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var identities: IdentityOptions
    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Result: Encodable {
        let backup: Manifest
        let contentChecked: Bool
        let seconds: Double
    }

    func run() async throws {
        let identities = try identities.load()
        let source = source.parsed
        try await storeOptions.withStore(source.destination) { store in
            let progress = Progress()
            let report = try await Session.run(progress, output: output) {
                try await VerifyService(catalogue: Catalogue(store: store), progress: progress)
                    .run(source.selector, identities: identities)
            }
            if output.json {
                let seconds = report.duration / .seconds(1)
                try Console.print(
                    json: Result(backup: report.manifest, contentChecked: report.isContentChecked, seconds: seconds))
            } else {
                Console.print(text(report))
            }
        }
    }

    private func text(_ report: VerifyService.Report) -> String {
        let manifest = report.manifest
        let stored = Quantity.bytes(manifest.storedSize)
        let duration = Quantity.duration(report.duration)
        guard report.isContentChecked else {
            return """
                Backup \(manifest.id): the stored bytes are those that were written (\(stored), SHA-256, \(duration))
                  not checked  whether they can be decrypted, and what is inside: that takes --identity FILE
                """
        }
        let key = manifest.format == .none ? "" : ", decrypted"
        return """
            Backup \(manifest.id) is good: \(stored) read\(key) and decompressed in \(duration)
              dump      \(Quantity.bytes(manifest.dumpSize)) of \(manifest.source.database) (\(manifest.engineVersion))
              \(manifest.format == .none
                ? "manifest  agrees; nothing proves who wrote it, because the backup is not encrypted"
                : "manifest  agrees, and is proven to be the one that was written")
            """
    }
}
