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
        let plan = try BackupPlan(request: request, driver: driver, facts: facts, id: id, created: UTCTime(now))
        let isStored = Monitor(false)
        do {
            return try await run(plan, facts: facts, isStored: isStored)
        } catch  where isStored.update({ $0 }) {
            throw await undo(plan, after: error)
        }
    }

    /// - Parameter isStored: becomes true as soon as the store shows the object.
    private func run(_ plan: BackupPlan, facts: DatabaseFacts, isStored: Monitor<Bool>) async throws -> BackupReport {
        let dumped = try await dump(plan, expecting: facts.sizeBytes, isStored: isStored)
        let (dumpSize, stored) = dumped.value
        let stages = progress.stages.map { StageReport($0) }
        let limiting = progress.limiting
        let dumpDuration = progress.elapsed

        let manifest = try plan.manifest(dumpSize: dumpSize, stored: stored, fingerprint: dumped.fingerprint)
        try await readBack(plan, manifest: manifest, stored: stored)
        let readBackDuration = progress.elapsed

        let key = try plan.name.manifestKey()
        let bytes = try manifest.encoded()
        try await SmallObject.write(bytes, to: key, in: store)
        guard try await SmallObject.read(key, from: store, limit: Manifest.largestSize) == bytes else {
            throw PipelineError.storedBytesDiffer(plan.name.id.string, what: "its manifest changed on the way")
        }
        progress.begin(.finished)
        return BackupReport(
            name: plan.name, manifest: manifest, readBack: plan.request.readBack, stages: stages, limiting: limiting,
            dumpDuration: dumpDuration, readBackDuration: readBackDuration, fingerprint: dumped.fingerprint)
    }

    private func dump(
        _ plan: BackupPlan, expecting bytes: UInt64?, isStored: Monitor<Bool>
    ) async throws -> Dumped<(UInt64, StoredDigest)> {
        try await driver.dump(counting: plan.request.fingerprint) { source in
            let outcome = try await OutboundStream.run(
                source, compressor: plan.compressor, sealer: plan.sealer, progress: progress, expecting: bytes
            ) { stream in
                let size = try await store.put(plan.objectKey, from: stream, sizeHint: bytes)
                isStored.update { $0 = true }
                return size
            }
            guard outcome.result == outcome.stored.size else {
                throw PipelineError.storedBytesDiffer(
                    plan.name.id.string, what: "it took \(outcome.result) bytes of \(outcome.stored.size)")
            }
            return (outcome.dumpSize, outcome.stored)
        }
    }

    private func readBack(_ plan: BackupPlan, manifest: Manifest, stored: StoredDigest) async throws {
        switch plan.request.readBack {
        case .all:
            let backup = OpenedBackup(name: plan.name, manifest: manifest, key: plan.key)
            try await backup.read(.dump, from: store, into: DiscardingSink(), progress: progress, step: .validating)
        case .ends:
            progress.begin(.validating)
            try await compareEnds(of: plan, with: stored)
        }
    }

    private func compareEnds(of plan: BackupPlan, with stored: StoredDigest) async throws {
        func differ(_ what: String) -> PipelineError { .storedBytesDiffer(plan.name.id.string, what: what) }
        let size = stored.size
        let length = min(UInt64(StoredDigest.endBytes), size)
        async let head = SmallObject.range(0..<length, of: plan.objectKey, in: store)
        async let tail = SmallObject.range(size - length..<size, of: plan.objectKey, in: store)
        for (found, expected) in [(try await head, stored.head), (try await tail, stored.tail)] {
            guard found.objectSize == size else { throw differ("it has \(found.objectSize) bytes of \(size)") }
            guard found.bytes == expected else { throw differ("the first or the last 64 KiB differ") }
        }
    }

    /// Removes what was stored, and returns the error to be thrown.
    ///
    /// The manifest goes first: an object without a manifest is no backup, a manifest without an object would be a
    /// broken one.
    private func undo(_ plan: BackupPlan, after failure: any Error) async -> any Error {
        let store = store
        // A task of its own, because the cancellation that may have brought us here would stop these requests too.
        // The store's retries bound how long it takes.
        let undone = await Task {
            try await store.delete(plan.name.manifestKey())
            try await store.delete(plan.objectKey)
        }.result
        guard case .failure(let reason) = undone else { return failure }
        return PipelineError.leftBehind(
            plan.objectKey.string, location: store.location, after: failure, because: reason)
    }
}
