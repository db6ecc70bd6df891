internal import BackupControl
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials

/// Takes backups out of their stores.
struct StoredBackups: BackupDeleter {
    let storage: StorageService

    /// Looks for locks first, of the object as well: in a bucket with versions, which locks need, a deletion always succeeds, and hides
    /// what is locked behind a marker.
    func removeManifest(of run: RunRecord) async throws {
        let target = try await storage.target(run.storageID)
        let (manifest, object) = (try RunKey.manifest(of: run), try ObjectKey(run.objectKey))
        for key in [object, manifest] { try await requireNoLock(on: key, target) }
        try await remove(manifest, target)
    }

    func removeObject(of run: RunRecord) async throws {
        let target = try await storage.target(run.storageID)
        let object = try ObjectKey(run.objectKey)
        try await requireNoLock(on: object, target)
        try await remove(object, target)
    }

    func isWhole(_ run: RunRecord) async throws -> Bool {
        let objects = try await storage.target(run.storageID).objects
        guard try await objects.info(try RunKey.manifest(of: run)) != nil else { return false }
        return try await objects.info(try ObjectKey(run.objectKey)) != nil
    }

    private func requireNoLock(on key: ObjectKey, _ target: any UploadTarget) async throws {
        if let lock = try await target.lock(on: key, at: Date()) { throw BackupLocked(until: lock.until) }
    }

    private func remove(_ key: ObjectKey, _ target: any UploadTarget) async throws {
        do {
            try await target.deleteForGood(key)
        } catch StorageError.locked(_, _, let until) {
            throw BackupLocked(until: until)
        } catch StorageError.accessDenied {
            // Of a store without versions that keeps it, or of a key that may not delete.
            throw BackupLocked()
        }
    }
}
