package import BackupCore
internal import BackupFormat
internal import CBackupSystem
package import FoundationEssentials

/// Makes one run: dump → compress → encrypt → upload as one stream, then reads back what was stored.
///
/// What it leaves is an object, which becomes a backup with its manifest: whoever calls this writes that, or takes the
/// object away.
///
/// Memory: ``OutboundStream``'s blocks, the compressor's state, and what the store buffers; whatever the dump's size.
package struct RunService: Sendable {
    private let driver: any DatabaseDriver
    private let store: any ObjectStore
    private let progress: Progress

    package init(driver: any DatabaseDriver, store: any ObjectStore, progress: Progress) {
        self.driver = driver
        self.store = store
        self.progress = progress
    }

    /// - Parameters:
    ///   - now: the time that header and manifest bear.
    ///   - facts: what the driver has found, where it was asked already.
    ///   - isStored: becomes true as soon as the store shows the object. When this throws after that, the object is
    ///  there.
    /// - Throws: errors of the driver, of the store and of the format unchanged;
    ///   ``PipelineError/storedBytesDiffer(_:what:)`` when the store gives back something else than it was given;
    ///   `CancellationError` after the tool has ended and the upload has been aborted.
    package func run(
        _ plan: RunPlan, now: Date, facts: DatabaseFacts? = nil, isStored: Monitor<Bool> = Monitor(false)
    ) async throws -> RunOutcome {
        progress.begin(.connecting)
        let found = if let facts { facts } else { try await driver.probe() }
        let run = try PreparedRun(plan, driver: driver, facts: found, created: UTCTime(now))
        let dumped = try await dump(run, isStored: isStored)
        let (dumpSize, stored) = dumped.value
        let stages = progress.stages.map { StageReport($0) }
        let limiting = progress.limiting
        let dumpDuration = progress.elapsed

        // What the compressor had, before the way back takes as much again.
        backup_return_free_memory()
        let readBackStarted = ContinuousClock.now
        let object = run.object(dumpSize: dumpSize, stored: stored)
        try await ReadBack(object: object, stored: stored, store: store, progress: progress).run(plan.readBack)
        return RunOutcome(
            engineVersion: found.engineVersion, storedSize: stored.size, sha256: stored.sha256, dumpSize: dumpSize,
            manifest: try run.manifest(dumpSize: dumpSize, stored: stored, fingerprint: dumped.fingerprint),
            fingerprint: dumped.fingerprint, stages: stages, limiting: limiting, dumpDuration: dumpDuration,
            readBackDuration: .now - readBackStarted, validated: plan.readBack)
    }

    private func dump(_ run: PreparedRun, isStored: Monitor<Bool>) async throws -> Dumped<(UInt64, StoredDigest)> {
        try await driver.dump(counting: run.plan.takesFingerprint) { source in
            let outcome = try await OutboundStream.run(
                source, compressor: run.compressor, sealer: run.sealer, progress: progress,
                expecting: run.facts.sizeBytes
            ) { stream in
                let size = try await store.put(run.plan.objectKey, from: stream, sizeHint: run.facts.sizeBytes)
                isStored.update { $0 = true }
                return size
            }
            guard outcome.result == outcome.stored.size else {
                throw PipelineError.storedBytesDiffer(
                    run.plan.runID, what: "it took \(outcome.result) bytes of \(outcome.stored.size)")
            }
            return (outcome.dumpSize, outcome.stored)
        }
    }
}
