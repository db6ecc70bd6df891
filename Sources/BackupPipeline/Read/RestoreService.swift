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
        guard manifest.engine.isSibling(of: driver.engine) else {
            throw PipelineError.otherEngine(name.id.string, of: manifest.engine, target: driver.engine)
        }
        try check(scope: manifest.scope, of: name, options)
        let dump = DumpFacts(
            engine: manifest.engine, engineVersion: manifest.engineVersion, toolVersion: manifest.toolVersion,
            scope: manifest.scope)
        let target = try await driver.prepareRestore(of: dump, options: options)
        let progress = progress
        let store = catalogue.store
        let started = ContinuousClock.now
        let (stages, limiting) = try await driver.restore(dump, options: options) { sink in
            try await backup.read(.dump, from: store, into: sink, progress: progress, step: .restoring)
            return (progress.stages.map { StageReport($0) }, progress.limiting)
        }
        progress.begin(.finished)
        return Report(
            name: name, manifest: manifest, fingerprint: fingerprint, target: target, stages: stages,
            limiting: limiting,
            duration: .now - started)
    }

    /// One database goes into one, and a server into a server; or one of the server's into one.
    private func check(scope: DatabaseScope, of name: BackupName, _ options: RestoreOptions) throws(PipelineError) {
        switch (scope, driver.scope, options.only != nil) {
        case (.database, .database, false), (.server, .server, _), (.server, .database, true): return
        case (.database, .server, _): throw .needsDatabaseName(name.id.string)
        case (.server, .database, false): throw .isOfAServer(name.id.string)
        case (.database, _, true): throw .isOfADatabase(name.id.string)
        }
    }
}
