internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

/// Takes out of its store what a run without success has left there: its upload, a manifest that came too late, and its object, which
/// nobody would ever count or delete.
struct RunLeftovers: Sendable {
    let runs: any RunStore
    let target: @Sendable (StorageProfile.ID) async throws -> any UploadTarget

    /// Notes that it is done. Idempotent: what is not there is gone.
    /// - Throws: what the store says; nothing is noted then.
    func remove(of run: RunRecord, at time: Date) async throws {
        do {
            let target = try await target(run.storageID)
            let key = try ObjectKey(run.objectKey)
            if let uploadID = run.uploadID { try await target.abort(key, uploadID) }
            // The manifest first: without it the bytes are no backup.
            for key in [try RunKey.manifest(of: run), key] { try await target.objects.delete(key) }
        } catch DispatchError.storageGone {
            // Somebody has taken the profile away: what is in that store is no longer ours.
        }
        try await runs.setCleared(run.id, at: time)
    }
}
