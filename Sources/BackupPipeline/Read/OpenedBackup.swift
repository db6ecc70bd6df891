internal import BackupCore
internal import BackupFormat

/// A backup whose manifest was read and checked, and whose key is known where an identity opened it.
struct OpenedBackup: Sendable {
    let name: BackupName
    let manifest: Manifest
    /// nil when it is not encrypted, or when nobody's identity was given.
    let key: DataKey?

    /// The innermost layer that can be read with what was given.
    var innermost: StoredObject.Layer { manifest.format == .none || key != nil ? .dump : .stored }

    init(name: BackupName, manifest: Manifest, key: DataKey?) {
        self.name = name
        self.manifest = manifest
        self.key = key
    }

    /// Reads the manifest, and the header of an encrypted object.
    ///
    /// With an identity that opens it, the header and the manifest are proven to be as they were written; without
    /// identities, only that they belong together.
    /// - Throws: ``PipelineError/notEncrypted(_:)`` unless `allowsUnencrypted`: who has a key expects an encrypted backup,
    ///   and whoever can write to the store could put a newer one there that is not, with contents of their choice.
    init(
        _ name: BackupName, in catalogue: Catalogue, identities: [any Identity], allowsUnencrypted: Bool
    ) async throws {
        let manifest = try await catalogue.manifest(of: name)
        guard manifest.format != .none || identities.isEmpty || allowsUnencrypted else {
            throw PipelineError.notEncrypted(name.id.string)
        }
        let key = try await Self.key(of: name, manifest, in: catalogue.store, identities: identities)
        self.init(name: name, manifest: manifest, key: key)
    }

    /// The object that the manifest is about.
    func object() throws(CoreError) -> StoredObject {
        StoredObject(
            id: name.id.string, objectKey: try name.sibling(manifest.object), format: manifest.format,
            compression: manifest.compression, key: key, storedSize: manifest.storedSize,
            storedSHA256: manifest.storedSHA256, dumpSize: manifest.dumpSize)
    }

    /// As ``StoredObject/read(_:from:into:progress:step:)``, compared with the manifest.
    func read(
        _ layer: StoredObject.Layer, from store: any ObjectStore, into sink: any ByteSink, progress: Progress,
        step: Progress.Step
    ) async throws {
        try await object().read(layer, from: store, into: sink, progress: progress, step: step)
    }

    private static func key(
        of name: BackupName, _ manifest: Manifest, in store: any ObjectStore, identities: [any Identity]
    ) async throws -> DataKey? {
        switch manifest.format {
        case .none: return nil
        case .v1: throw PipelineError.olderFormat(name.id.string)
        case .v2: break
        }
        let object = try name.sibling(manifest.object)
        let header = try await StoredObject.header(
            of: name.id.string, object, size: manifest.storedSize, in: store)
        guard !identities.isEmpty else { return nil }
        let key = try header.open(with: identities)
        guard manifest.isAuthentic(under: key) else { throw PipelineError.notAuthentic(name.id.string) }
        return key
    }
}
