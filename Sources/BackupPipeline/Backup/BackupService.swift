package import BackupCore
internal import BackupFormat
package import FoundationEssentials

/// Makes backups: dump → compress → encrypt → upload as one stream, then reads back what was stored, then writes the
/// manifest.
///
/// A backup exists once its manifest does, and the manifest is written last: a run that fails or is cancelled before
/// leaves no backup, and takes its object away again. A run that is killed can leave an object without a manifest,
/// never the reverse.
///
/// Memory: ``OutboundStream``'s blocks, the compressor's state, and what the store buffers; whatever the dump's size.
package struct BackupService: Sendable {
    private let driver: any DatabaseDriver
    private let store: any ObjectStore
    private let progress: Progress

    package init(driver: any DatabaseDriver, store: any ObjectStore, progress: Progress) {
        self.driver = driver
        self.store = store
        self.progress = progress
    }

    /// Makes one backup.
    /// - Parameter now: the time that the backup's id and manifest bear.
    /// - Throws: errors of the driver, of the store and of the format unchanged;
    ///   ``PipelineError/storedBytesDiffer(_:what:)`` when the store gives back something else than it was given;
    ///   `CancellationError` after everything has been undone.
    package func run(
        _ request: BackupRequest, now: Date, using random: inout some RandomNumberGenerator
    ) async throws -> BackupReport {
        progress.begin(.connecting)
        let facts = try await driver.probe()
        let id = BackupID(at: now, using: &random)
        let name = BackupName(host: driver.host, database: driver.databaseName, id: id)
        let plan = try plan(request, name: name, facts: facts)
        let isStored = Monitor(false)
        do {
            let outcome = try await RunService(driver: driver, store: store, progress: progress)
                .run(plan, now: now, facts: facts, isStored: isStored)
            return try await finish(outcome, of: name, request)
        } catch  where isStored.update({ $0 }) {
            throw await undo(name, plan.objectKey, after: error)
        }
    }

    private func plan(_ request: BackupRequest, name: BackupName, facts: DatabaseFacts) throws -> RunPlan {
        var suffix = facts.engine.dumpExtension(driver.scope) + request.compression.fileSuffix
        let encryption: RunPlan.Encryption
        switch request.encryption {
        case .off: encryption = .off
        case .recipients(let recipients):
            encryption = .recipients(recipients)
            suffix += ".backupy"
        }
        var plan = RunPlan(
            objectKey: try name.objectKey(extension: suffix), runID: name.id.string, encryption: encryption)
        plan.compression = request.compression
        plan.level = request.level
        plan.readBack = request.readBack == .all ? .all : .ends
        plan.takesFingerprint = request.fingerprint
        return plan
    }

    /// Writes the manifest, which makes a backup of the object.
    private func finish(
        _ outcome: RunOutcome, of name: BackupName, _ request: BackupRequest
    ) async throws -> BackupReport {
        guard let manifest = outcome.manifest, let bytes = try outcome.manifestBytes() else {
            throw CoreError.invalidBackupID(name.id.string)
        }
        let key = try name.manifestKey()
        try await SmallObject.write(bytes, to: key, in: store)
        guard try await SmallObject.read(key, from: store, limit: Manifest.largestSize) == bytes else {
            throw PipelineError.storedBytesDiffer(name.id.string, what: "its manifest changed on the way")
        }
        progress.begin(.finished)
        return BackupReport(
            name: name, manifest: manifest, readBack: request.readBack, stages: outcome.stages,
            limiting: outcome.limiting, dumpDuration: outcome.dumpDuration, readBackDuration: outcome.readBackDuration,
            fingerprint: outcome.fingerprint)
    }

    /// Removes what was stored, and returns the error to be thrown.
    ///
    /// The manifest goes first: an object without a manifest is no backup, a manifest without an object would be a
    /// broken one.
    private func undo(_ name: BackupName, _ objectKey: ObjectKey, after failure: any Error) async -> any Error {
        let store = store
        // A task of its own, because the cancellation that may have brought us here would stop these requests too.
        // The store's retries bound how long it takes.
        let undone = await Task {
            try await store.delete(name.manifestKey())
            try await store.delete(objectKey)
        }.result
        guard case .failure(let reason) = undone else { return failure }
        return PipelineError.leftBehind(
            objectKey.string, location: store.location, after: failure, because: reason)
    }
}
