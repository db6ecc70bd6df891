package import BackupCore
package import BackupStorage
package import FoundationEssentials

/// A bucket of an S3 server, whose URLs agents use without the server in between.
package struct S3UploadTarget: UploadTarget {
    private let store: S3Store

    package init(_ store: S3Store) { self.store = store }

    package var location: String { store.location }
    package var limits: UploadLimits { .s3 }
    package var isCreateOnlyByItself: Bool { false }
    package var objects: any ObjectStore { store }

    package func begin(_ key: ObjectKey) async throws -> String { try await store.beginUpload(key) }

    package func part(
        _ key: ObjectKey, _ uploadID: String, number: Int, lifetime: Duration, at time: Date
    ) -> PresignedPart {
        store.presignedPart(key, uploadID, number: number, lifetime: lifetime, at: time)
    }

    package func put(_ key: ObjectKey, isCreateOnly: Bool, lifetime: Duration, at time: Date) -> PresignedURL {
        store.presignedPut(key, isCreateOnly: isCreateOnly, lifetime: lifetime, at: time)
    }

    package func get(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL {
        store.presignedGet(key, lifetime: lifetime, at: time)
    }

    package func download(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL {
        get(key, lifetime: lifetime, at: time)
    }

    package func complete(_ key: ObjectKey, _ uploadID: String, parts: [UploadedPartInfo]) async throws -> UInt64 {
        try await store.completeUpload(key, uploadID, parts: parts)
    }

    package func abort(_ key: ObjectKey, _ uploadID: String) async throws { try await store.abortUpload(key, uploadID) }
    package func lock(on key: ObjectKey, at time: Date) async throws -> ObjectLock? {
        try await store.lock(on: key, at: time)
    }
    package func deleteForGood(_ key: ObjectKey) async throws { try await store.deleteForGood(key) }
    package func unfinishedUploads() async throws -> [(key: String, id: String)] {
        try await store.unfinishedUploads().compactMap { upload in
            store.key(at: upload.key).map { ($0, upload.id) }
        }
    }
    package func close() async { await store.close() }
}
