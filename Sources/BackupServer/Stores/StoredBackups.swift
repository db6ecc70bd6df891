internal import BackupControl
internal import BackupCore
internal import BackupStorage

/// Takes backups out of their stores.
struct StoredBackups: BackupDeleter {
    let storage: StorageService

    func removeManifest(of run: RunRecord) async throws { try await remove(try RunKey.manifest(of: run), of: run) }
    func removeObject(of run: RunRecord) async throws { try await remove(try ObjectKey(run.objectKey), of: run) }

    private func remove(_ key: ObjectKey, of run: RunRecord) async throws {
        do {
            try await storage.target(run.storageID).objects.delete(key)
        } catch StorageError.accessDenied {
            // What S3 says of an object under a lock, and of a key that may not delete.
            throw BackupLocked()
        }
    }
}
