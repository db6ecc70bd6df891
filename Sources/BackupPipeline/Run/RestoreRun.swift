package import BackupCore
package import BackupFormat

/// Restores an object that a control plane has described, with or without the manifest beside it.
package struct RestoreRun: Sendable {
    /// What is known of the object. All of it is somebody's word; what can be proven is proven.
    package struct Description: Sendable {
        package var objectKey: ObjectKey
        package var runID: String
        package var format: Manifest.Format
        package var compression: Compression
        /// The key of the stream; nil when identities open it, or when it is not encrypted.
        package var key: DataKey?
        /// Those that may open a v2 header.
        package var identities: [any Identity] = []
        package var storedSize: UInt64
        /// Of the stored bytes, in hex; nil when nobody knows it.
        package var sha256: String?
        package var dump: DumpFacts
        /// As stored beside the object; nil where there is none.
        package var manifest: [UInt8]?

        package init(
            objectKey: ObjectKey, runID: String, format: Manifest.Format, compression: Compression,
            storedSize: UInt64, dump: DumpFacts
        ) {
            self.objectKey = objectKey
            self.runID = runID
            self.format = format
            self.compression = compression
            self.storedSize = storedSize
            self.dump = dump
        }
    }

    /// A restore that ended well.
    package struct Outcome: Sendable {
        package let target: DatabaseFacts
        /// What the database held when it was dumped; nil when nobody recorded it.
        package let fingerprint: Fingerprint?
        package let stages: [StageReport]
        package let limiting: StageName?
        package let duration: Duration
        /// Whether the stored bytes were compared with a SHA-256. In format v1 only that sees frames that are missing:
        /// to be said loudly where it is false.
        package let isDigestChecked: Bool
    }

    private let driver: any DatabaseDriver
    private let store: any ObjectStore
    private let progress: Progress

    package init(driver: any DatabaseDriver, store: any ObjectStore, progress: Progress) {
        self.driver = driver
        self.store = store
        self.progress = progress
    }

    /// - Throws: ``PipelineError`` before the target is touched; ``RestoreFailure`` with its state afterwards.
    package func run(_ description: Description, options: RestoreOptions) async throws -> Outcome {
        progress.begin(.connecting)
        let key = try await key(description)
        let manifest = try manifest(description, key)
        let sha256 = manifest?.storedSHA256 ?? description.sha256?.lowercased()
        let object = StoredObject(
            id: description.runID, objectKey: description.objectKey, format: description.format,
            compression: description.compression, key: key, storedSize: description.storedSize, storedSHA256: sha256,
            dumpSize: manifest?.dumpSize)
        var dump = description.dump
        if let manifest { dump.toolVersion = manifest.toolVersion }
        let fingerprint = try manifest?.fingerprint(with: key)
        let restored = try await DumpRestore(object: object, dump: dump, driver: driver, progress: progress)
            .run(from: store, options: options)
        return Outcome(
            target: restored.target, fingerprint: fingerprint, stages: restored.stages, limiting: restored.limiting,
            duration: restored.duration, isDigestChecked: sha256 != nil)
    }

    /// nil when the object is not encrypted.
    private func key(_ description: Description) async throws -> DataKey? {
        switch description.format {
        case .none:
            // Who has a key expects an encrypted backup; only a plan that has none says that it isn't.
            guard description.key == nil, description.identities.isEmpty else {
                throw PipelineError.notEncrypted(description.runID)
            }
            return nil
        case .v1:
            guard let key = description.key else { throw PipelineError.olderFormat(description.runID) }
            return key
        case .v2:
            let header = try await StoredObject.header(
                of: description.runID, description.objectKey, size: description.storedSize, in: store)
            guard header.identity.compression == description.compression else {
                throw PipelineError.manifestMismatch(
                    description.runID, what: "the object is compressed with \(header.identity.compression)")
            }
            if let key = description.key {
                try header.prove(with: key)
                return key
            }
            guard !description.identities.isEmpty else { throw PipelineError.needsIdentity(description.runID) }
            return try header.open(with: description.identities)
        }
    }

    /// The manifest, once it is known to be about this object and, where there is a key, to be genuine.
    private func manifest(_ description: Description, _ key: DataKey?) throws -> Manifest? {
        guard let bytes = description.manifest else { return nil }
        let id = description.runID
        let manifest: Manifest
        do {
            manifest = try Manifest.decode(bytes)
        } catch {
            throw PipelineError.unreadableManifest(id, error)
        }
        if let key, !manifest.isAuthentic(under: key) { throw PipelineError.notAuthentic(id) }
        let differences = [
            (manifest.id == id, "the manifest is that of \(manifest.id)"),
            (manifest.format == description.format, "the manifest says format \(manifest.format.rawValue)"),
            (manifest.compression == description.compression, "the manifest says \(manifest.compression.rawValue)"),
            (manifest.storedSize == description.storedSize, "the manifest says \(manifest.storedSize) bytes"),
            (manifest.engine == description.dump.engine, "the manifest is of \(manifest.engine.rawValue)"),
            (manifest.scope == description.dump.scope, "the manifest is of one \(manifest.scope.rawValue)"),
            (
                description.sha256.map { $0.lowercased() == manifest.storedSHA256 } ?? true,
                "the manifest has another SHA-256"
            ),
        ]
        if let (_, what) = differences.first(where: { !$0.0 }) { throw PipelineError.manifestMismatch(id, what: what) }
        return manifest
    }
}
