internal import BackupCore
internal import BackupFormat

/// A backup whose manifest was read and checked, and whose key is known where an identity opened it.
struct OpenedBackup: Sendable {
    let name: BackupName
    let manifest: Manifest
    /// nil when it is not encrypted, or when nobody's identity was given.
    let key: DataKey?

    /// What of it is read.
    enum Layer: Sendable {
        /// The bytes as the store holds them.
        case stored
        /// The dump inside: decrypted and decompressed.
        case dump
    }

    /// The innermost layer that can be read with what was given.
    var innermost: Layer { manifest.format == .none || key != nil ? .dump : .stored }

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

    func objectKey() throws(CoreError) -> ObjectKey { try name.sibling(manifest.object) }

    /// Reads all of the stored object, passes `layer` of it on, and compares what passed with the manifest. `sink` is
    /// not told of the end.
    /// - Throws: ``PipelineError/storedBytesDiffer(_:what:)``, ``PipelineError/dumpDiffers(_:what:)``, errors of the
    ///   format and of the store.
    func read(
        _ layer: Layer, from store: any ObjectStore, into sink: any ByteSink, progress: Progress, step: Progress.Step
    ) async throws {
        let content = try await store.get(objectKey(), range: nil)
        try check(storedSize: content.objectSize)
        let passed = try await InboundStream.run(
            content.bytes, opener: opener(to: layer), decompressor: decompressor(to: layer), to: sink,
            progress: progress, step: step,
            expecting: manifest.storedSize)
        try check(storedSize: passed.stored.size)
        guard passed.stored.sha256 == manifest.storedSHA256 else {
            throw PipelineError.storedBytesDiffer(name.id.string, what: "their SHA-256 is not \(manifest.storedSHA256)")
        }
        guard layer == .stored || passed.dumpSize == manifest.dumpSize else {
            throw PipelineError.dumpDiffers(name.id.string, what: "\(passed.dumpSize) bytes, not \(manifest.dumpSize)")
        }
    }

    private func opener(to layer: Layer) -> any ByteTransform {
        if layer == .dump, let key { V2Opener(key: key) } else { IdentityTransform() }
    }

    private func decompressor(to layer: Layer) throws -> any ByteTransform {
        layer == .dump ? try manifest.compression.makeDecompressor() : IdentityTransform()
    }

    private func check(storedSize size: UInt64) throws {
        guard size == manifest.storedSize else {
            throw PipelineError.storedBytesDiffer(name.id.string, what: "\(size) bytes, not \(manifest.storedSize)")
        }
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
        let size = min(manifest.storedSize, UInt64(V2Header.largestSize))
        let header = try V2Header.parse(prefix: try await SmallObject.range(0..<size, of: object, in: store).bytes)
        // Two good files that were swapped open well, each under its own key: only the names inside tell them apart.
        guard header.identity.run == name.id.string else {
            throw PipelineError.manifestMismatch(
                name.id.string, what: "the object is that of run \(header.identity.run)")
        }
        guard !identities.isEmpty else { return nil }
        let key = try header.open(with: identities)
        guard manifest.isAuthentic(under: key) else { throw PipelineError.notAuthentic(name.id.string) }
        return key
    }
}
