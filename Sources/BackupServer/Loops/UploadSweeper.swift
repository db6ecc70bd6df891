internal import BackupControl
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials
internal import Logging

/// Takes away what runs have left in their stores: all that is left of those that ended without success, where that could not be done
/// with their end; and uploads that nobody will complete, those of runs that have ended, and, a day later, of runs that nobody knows.
///
/// A server that dies between the beginning of an upload and the write that notes it leaves one, and S3 keeps what was uploaded for
/// ever, and asks money for it. What is not named like a run's object is somebody else's. Memory: a list of a store's uploads,
/// 50,000 at most.
struct UploadSweeper: Sendable {
    static let patience: TimeInterval = 86_400
    /// Between two tries to take away what one run has left, and before the first one here.
    private static let pause: TimeInterval = 600
    private static let batch = 200

    let plans: any PlanStore
    let runs: any RunStore
    let target: @Sendable (StorageProfile.ID) async throws -> any UploadTarget
    let logger: Logger
    let now: @Sendable () -> Date

    func pass() async throws -> Duration? {
        var cursor: String?
        repeat {
            let page = try await plans.storages(PageRequest(limit: PageRequest.largestLimit, cursor: cursor))
            for profile in page.items where !Task.isCancelled { await sweep(profile.id) }
            cursor = page.nextCursor
        } while cursor != nil && !Task.isCancelled
        try await clear()
        return nil
    }

    private func clear() async throws {
        let leftovers = RunLeftovers(runs: runs, target: target)
        // One look for each, however long it takes.
        let triedBefore = now().addingTimeInterval(-Self.pause)
        var away: Set<StorageProfile.ID> = []
        while !Task.isCancelled {
            let left = try await runs.claimLeftovers(at: now(), triedBefore: triedBefore, limit: Self.batch)
            for run in left where !Task.isCancelled && !away.contains(run.storageID) {
                do {
                    try await leftovers.remove(of: run, at: now())
                } catch StorageError.locked(_, _, let until) {
                    logger.info(
                        "what a failed run has left in its store is under a lock",
                        metadata: ["run_id": "\(run.id)", "until": "\(until.map { UTCTime($0).rfc3339 } ?? "unknown")"])
                } catch {
                    if (error as? any BackupError)?.recovery == .retry { away.insert(run.storageID) }
                    logger.warning(
                        "what a failed run has left in its store is still there", error: error,
                        metadata: ["run_id": "\(run.id)"])
                }
            }
            guard left.count == Self.batch else { return }
        }
    }

    private func sweep(_ profile: StorageProfile.ID) async {
        do {
            let target = try await target(profile)
            for upload in try await target.unfinishedUploads() where !Task.isCancelled {
                guard let key = try? ObjectKey(upload.key), let id = RunKey.run(of: key), try await isOver(id) else {
                    continue
                }
                await abort(key, upload.id, of: id, in: target)
            }
        } catch {
            logger.warning(
                "a store's unfinished uploads could not be looked at", error: error,
                metadata: ["storage_id": "\(profile)"])
        }
    }

    /// One that can't be aborted does not stand before the others.
    private func abort(_ key: ObjectKey, _ uploadID: String, of run: BackupID, in target: any UploadTarget) async {
        do {
            try await target.abort(key, uploadID)
            logger.notice("an upload that was left was aborted", metadata: ["run_id": "\(run)"])
        } catch {
            logger.warning("an upload that was left could not be aborted", error: error, metadata: ["run_id": "\(run)"])
        }
    }

    /// One that is live may have begun another upload just now.
    private func isOver(_ id: BackupID) async throws -> Bool {
        if let run = try await runs.run(id) { return !run.status.isLive }
        let latest = UTCTime(now().addingTimeInterval(-Self.patience))
        return id.string < "\(latest.compactDate)-\(latest.compactTime)"
    }
}
