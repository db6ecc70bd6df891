internal import BackupCore

/// Feeds the dump inside of a stored object to a driver that fits it.
struct DumpRestore: Sendable {
    let object: StoredObject
    let dump: DumpFacts
    let driver: any DatabaseDriver
    let progress: Progress

    /// A restore that ended well.
    struct Restored: Sendable {
        let target: DatabaseFacts
        let stages: [StageReport]
        let limiting: StageName?
        let duration: Duration
    }

    /// Nothing of the target is touched before the dump is known to fit; and the restore tool sees the end of it only
    /// after every byte was proven, so that a damaged backup is never committed.
    /// - Throws: ``RestoreFailure`` with the state of the target once the restore has begun.
    func run(from store: any ObjectStore, options: RestoreOptions) async throws -> Restored {
        guard dump.engine.isSibling(of: driver.engine) else {
            throw PipelineError.otherEngine(object.id, of: dump.engine, target: driver.engine)
        }
        try checkScope(options)
        let target = try await driver.prepareRestore(of: dump, options: options)
        let (object, progress) = (object, progress)
        let started = ContinuousClock.now
        let (stages, limiting) = try await driver.restore(dump, options: options) { sink in
            try await object.read(.dump, from: store, into: sink, progress: progress, step: .restoring)
            return (progress.stages.map { StageReport($0) }, progress.limiting)
        }
        progress.begin(.finished)
        return Restored(target: target, stages: stages, limiting: limiting, duration: .now - started)
    }

    /// One database goes into one, and a server into a server; or one of the server's into one.
    private func checkScope(_ options: RestoreOptions) throws(PipelineError) {
        switch (dump.scope, driver.scope, options.only != nil) {
        case (.database, .database, false), (.server, .server, _), (.server, .database, true): return
        case (.database, .server, _): throw .needsDatabaseName(object.id)
        case (.server, .database, false): throw .isOfAServer(object.id)
        case (.database, _, true): throw .isOfADatabase(object.id)
        }
    }
}
