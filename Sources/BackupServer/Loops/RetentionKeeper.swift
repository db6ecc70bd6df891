internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Marks what no rule wants, and takes away what was marked a grace period ago. What fails for one target or backup does not stop the
/// others, and is tried again with the next look. Memory: the backups of one target.
struct RetentionKeeper: Sendable {
    private static let batch = 200
    /// Between two tries to take away a backup's bytes.
    private static let pause = Duration.seconds(900)
    /// How long a lock is believed: some can be taken away before they end.
    private static let longestWait = Duration.seconds(7 * 86_400)

    let store: any RetentionStore
    let deleter: any BackupDeleter
    var brake = RetentionBrake()
    var grace = RetentionStep.grace
    let logger: Logger
    let now: @Sendable () -> Date

    func pass() async throws -> Duration? {
        var last: TargetRecord.ID?
        while !Task.isCancelled {
            let targets = try await store.targetsWithBackups(after: last, limit: Self.batch)
            for target in targets where !Task.isCancelled { await keep(target) }
            guard targets.count == Self.batch else { break }
            last = targets.last
        }
        try await purge()
        return nil
    }

    private func keep(_ target: TargetRecord.ID) async {
        do {
            let (time, brake, grace) = (now(), brake, grace)
            let step = try await store.applyRetention(to: target, at: time) {
                RetentionStep($0, brake: brake, now: time)
            }
            if let brake = step.brake {
                logger.error(
                    "retention was stopped: too much was to go at once",
                    metadata: ["target_id": "\(target)", "wanted": "\(brake.wanted)", "total": "\(brake.total)"])
            }
            let gone = try await store.beginDeletion(of: target, at: time) {
                RetentionStep.ripe($0, grace: grace, now: time)
            }
            for id in gone { logger.notice("a backup is no longer kept", metadata: ["run_id": "\(id)"]) }
        } catch {
            logger.error(
                "a target's backups could not be looked at", error: error, metadata: ["target_id": "\(target)"])
        }
    }

    private func purge() async throws {
        // One look for each, however long it takes: the targets of other stores wait for the end of this.
        let triedBefore = now().addingTimeInterval(-Self.pause.inSeconds)
        var away: Set<StorageProfile.ID> = []
        while !Task.isCancelled {
            let runs = try await store.claimPurges(at: now(), triedBefore: triedBefore, limit: Self.batch)
            for run in runs where !Task.isCancelled && !away.contains(run.storageID) {
                do {
                    try await purge(run)
                } catch {
                    if (error as? any BackupError)?.recovery == .retry { away.insert(run.storageID) }
                    logger.warning("a backup's bytes are still there", error: error, metadata: ["run_id": "\(run.id)"])
                }
            }
            guard runs.count == Self.batch else { return }
        }
    }

    /// The manifest first: without it the bytes are no backup, so no list ever has one that is gone.
    private func purge(_ run: RunRecord) async throws {
        do {
            try await deleter.removeManifest(of: run)
        } catch let lock as BackupLocked {
            // What an earlier try has taken away without hearing of it makes no backup again.
            guard try await deleter.isWhole(run) else { throw lock }
            try await store.cancelDeletion(run.id, again: end(of: lock))
            logger.notice(
                "a backup stays: its store keeps it under a lock, or lets us delete nothing",
                metadata: [
                    "run_id": "\(run.id)", "locked_until": "\(lock.until.map { UTCTime($0).rfc3339 } ?? "unknown")",
                ])
            return
        }
        try await deleter.removeObject(of: run)
        try await store.setPurged(run.id, at: now())
    }

    /// When it is worth another try.
    private func end(of lock: BackupLocked) -> Date {
        let now = now()
        guard let until = lock.until else { return now.addingTimeInterval(grace.inSeconds) }
        return min(
            max(until, now.addingTimeInterval(Self.pause.inSeconds)), now.addingTimeInterval(Self.longestWait.inSeconds)
        )
    }
}
