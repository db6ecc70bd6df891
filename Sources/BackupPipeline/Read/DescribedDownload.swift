package import BackupCore
internal import BackupFormat

/// Fetches an object that a control plane has described, as it is stored.
package struct DescribedDownload: Sendable {
    private let object: StoredObject

    /// - Parameters:
    ///   - id: what it is called in messages.
    ///   - sha256: nil when nobody knows it.
    package init(id: String, objectKey: ObjectKey, size: UInt64, sha256: String?) {
        object = StoredObject(
            id: id, objectKey: objectKey, format: .none, compression: .none, key: nil, storedSize: size,
            storedSHA256: sha256?.lowercased(), dumpSize: nil)
    }

    /// Writes the object to `sink`. The caller makes it visible only after this has returned, when the bytes are known to be those
    /// that were described.
    package func run(from store: any ObjectStore, into sink: any ByteSink, progress: Progress) async throws {
        progress.begin(.connecting)
        try await object.read(.stored, from: store, into: sink, progress: progress, step: .downloading)
        progress.begin(.finished)
    }
}
