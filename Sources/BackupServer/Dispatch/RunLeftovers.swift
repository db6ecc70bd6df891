internal import BackupControl
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials

/// Takes out of its store what a run without success has left there: its upload, a manifest that came too late, and its object, which
/// nobody would ever count or delete.
struct RunLeftovers: Sendable {
    let runs: any RunStore
    let target: @Sendable (StorageProfile.ID) async throws -> any UploadTarget

    /// Notes that it is done, once nothing can come after it. Idempotent: what is not there is gone.
    /// - Throws: what the store says, as that a lock keeps it, which is hidden then; nothing is noted.
    func remove(of run: RunRecord, at time: Date) async throws {
        // It may have become a success since it was put here.
        guard let run = try await runs.run(run.id), !run.status.isLive, run.status != .success else { return }
        do {
            let target = try await target(run.storageID)
            let key = try ObjectKey(run.objectKey)
            if let uploadID = run.uploadID { try await target.abort(key, uploadID) }
            // The manifest first: without it the bytes are no backup.
            for key in [try RunKey.manifest(of: run), key] { try await remove(key, target) }
        } catch DispatchError.storageGone {
            // Somebody has taken the profile away: what is in that store is no longer ours.
        }
        if time >= run.lastArrival { try await runs.setCleared(run.id, at: time) }
    }

    private func remove(_ key: ObjectKey, _ target: any UploadTarget) async throws {
        do {
            try await target.deleteForGood(key)
        } catch let error as StorageError {
            guard case .locked = error else { throw error }
            // Behind a marker, and one is enough.
            if try await target.objects.info(key) != nil { try await target.objects.delete(key) }
            throw error
        }
    }
}

extension RunRecord {
    /// Until when what the agent was given can still put something into the store: its URLs are good until then.
    fileprivate var lastArrival: Date {
        let end = finishedAt ?? createdAt
        if uploadID != nil { return end.addingTimeInterval(RunOrders.linkLifetime.inSeconds) }
        return max(end, deadlineAt ?? end.addingTimeInterval(RunOrders.longestLifetime.inSeconds)).addingTimeInterval(
            60)
    }
}
