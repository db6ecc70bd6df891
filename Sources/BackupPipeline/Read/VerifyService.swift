internal import BackupCore
package import BackupFormat

/// Reads a whole backup and checks everything that can be checked with what is at hand.
package struct VerifyService: Sendable {
    /// What was found to be good.
    package struct Report: Sendable {
        package let name: BackupName
        package let manifest: Manifest
        /// Whether it was decrypted and decompressed; false when it is encrypted and no identity was given.
        package let isContentChecked: Bool
        package let duration: Duration
    }

    private let catalogue: Catalogue
    private let progress: Progress

    package init(catalogue: Catalogue, progress: Progress) {
        self.catalogue = catalogue
        self.progress = progress
    }

    /// - Parameter identities: those that may open it; with none, an encrypted backup is checked by its size and its
    ///   SHA-256 only.
    /// - Parameter allowsUnencrypted: whether a backup that is not encrypted is taken although `identities` were given.
    /// - Throws: the first thing that is not as it should be.
    package func run(
        _ selector: BackupSelector, identities: [any Identity], allowsUnencrypted: Bool = false
    ) async throws -> Report {
        progress.begin(.connecting)
        let name = try await catalogue.resolve(selector)
        let backup = try await OpenedBackup(
            name, in: catalogue, identities: identities, allowsUnencrypted: allowsUnencrypted)
        try await read(backup)
        let duration = progress.elapsed
        progress.begin(.finished)
        return Report(
            name: name, manifest: backup.manifest, isContentChecked: backup.innermost == .dump, duration: duration)
    }
    private func read(_ backup: OpenedBackup) async throws {
        let store = catalogue.store
        guard backup.innermost == .dump else {
            return try await backup.read(
                .stored, from: store, into: DiscardingSink(), progress: progress, step: .validating)
        }
        let sink = CheckingSink(DumpCheck(engine: backup.manifest.engine, scope: backup.manifest.scope))
        try await backup.read(.dump, from: store, into: sink, progress: progress, step: .validating)
        if let problem = sink.problem { throw PipelineError.dumpDiffers(backup.name.id.string, what: problem) }
    }
}
