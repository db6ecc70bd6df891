package import BackupCore
package import BackupFormat

/// Brings a backup back into a database.
package struct RestoreService: Sendable {
    /// A restore that ended well.
    package struct Report: Sendable {
        package let name: BackupName
        package let manifest: Manifest
        /// What the database held when it was dumped; nil when nobody recorded it.
        package let fingerprint: Fingerprint?
        package let target: DatabaseFacts
        package let stages: [StageReport]
        package let limiting: StageName?
        package let duration: Duration
    }

    private let catalogue: Catalogue
    private let driver: any DatabaseDriver
    private let progress: Progress

    package init(catalogue: Catalogue, driver: any DatabaseDriver, progress: Progress) {
        self.catalogue = catalogue
        self.driver = driver
        self.progress = progress
    }

    /// Nothing of the target is touched before the backup was found, opened, and fits it; and the restore tool sees
    /// the end of the dump only after every byte was proven, so that a damaged backup is never committed.
    /// - Parameter allowsUnencrypted: whether a backup that is not encrypted is taken although `identities` were given.
    /// - Throws: ``RestoreFailure`` with the state of the target once the restore has begun.
    package func run(
        _ selector: BackupSelector, identities: [any Identity], allowsUnencrypted: Bool = false,
        options: RestoreOptions
    ) async throws -> Report {
        progress.begin(.connecting)
        let name = try await catalogue.resolve(selector)
        let backup = try await OpenedBackup(
            name, in: catalogue, identities: identities, allowsUnencrypted: allowsUnencrypted)
        guard backup.innermost == .dump else { throw PipelineError.needsIdentity(name.id.string) }
        let manifest = backup.manifest
        let fingerprint = try manifest.fingerprint(with: backup.key)
        let dump = DumpFacts(
            engine: manifest.engine, engineVersion: manifest.engineVersion, toolVersion: manifest.toolVersion,
            scope: manifest.scope)
        let restored = try await DumpRestore(
            object: try backup.object(), dump: dump, driver: driver, progress: progress
        )
        .run(from: catalogue.store, options: options)
        return Report(
            name: name, manifest: manifest, fingerprint: fingerprint, target: restored.target, stages: restored.stages,
            limiting: restored.limiting, duration: restored.duration)
    }
}
