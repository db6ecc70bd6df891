internal import BackupCore
internal import BackupFormat

/// A stored object, and what is needed to read the dump inside of it and to know that it is the right one.
struct StoredObject: Sendable {
    /// What it is called in messages.
    let id: String
    let objectKey: ObjectKey
    let format: Manifest.Format
    let compression: Compression
    /// nil when it is not encrypted, or when nobody's identity was given.
    let key: DataKey?
    let storedSize: UInt64
    /// nil when nobody knows it. v1 then can't see frames that are missing, and v2 can.
    let storedSHA256: String?
    /// nil when nobody knows it.
    let dumpSize: UInt64?

    /// What of it is read.
    enum Layer: Sendable {
        /// The bytes as the store holds them.
        case stored
        /// The dump inside: decrypted and decompressed.
        case dump
    }

    /// The innermost layer that can be read with what was given.
    var innermost: Layer { format == .none || key != nil ? .dump : .stored }

    /// Reads all of the stored object, passes `layer` of it on, and compares what passed with what is known. `sink` is
    /// not told of the end.
    /// - Throws: ``PipelineError/storedBytesDiffer(_:what:)``, ``PipelineError/dumpDiffers(_:what:)``, errors of the
    ///   format and of the store.
    func read(
        _ layer: Layer, from store: any ObjectStore, into sink: any ByteSink, progress: Progress, step: Progress.Step
    ) async throws {
        let content = try await store.get(objectKey, range: nil)
        try check(storedSize: content.objectSize)
        let passed = try await InboundStream.run(
            content.bytes, opener: opener(to: layer), decompressor: decompressor(to: layer), to: sink,
            progress: progress, step: step, expecting: storedSize)
        try check(storedSize: passed.stored.size)
        if let storedSHA256, passed.stored.sha256 != storedSHA256 {
            throw PipelineError.storedBytesDiffer(id, what: "their SHA-256 is not \(storedSHA256)")
        }
        if layer == .dump, let dumpSize, passed.dumpSize != dumpSize {
            throw PipelineError.dumpDiffers(id, what: "\(passed.dumpSize) bytes, not \(dumpSize)")
        }
    }

    func opener(to layer: Layer = .dump) -> any ByteTransform {
        guard layer == .dump, let key else { return IdentityTransform() }
        return format == .v1 ? V1Opener(key: key) : V2Opener(key: key)
    }

    private func decompressor(to layer: Layer) throws -> any ByteTransform {
        layer == .dump ? try compression.makeDecompressor() : IdentityTransform()
    }

    /// The header of an object in format v2, which is proven only when a key is.
    /// - Throws: ``PipelineError/manifestMismatch(_:what:)`` when it is another run's: two good objects that were swapped
    ///   open well, each under its own key, and only the names inside tell them apart.
    static func header(
        of id: String, _ objectKey: ObjectKey, size: UInt64, in store: any ObjectStore
    ) async throws -> V2Header {
        let length = min(size, UInt64(V2Header.largestSize))
        let header = try V2Header.parse(prefix: try await SmallObject.range(0..<length, of: objectKey, in: store).bytes)
        guard header.identity.run == id else {
            throw PipelineError.manifestMismatch(id, what: "the object is that of run \(header.identity.run)")
        }
        return header
    }

    func check(storedSize size: UInt64) throws {
        guard size == storedSize else {
            throw PipelineError.storedBytesDiffer(id, what: "\(size) bytes, not \(storedSize)")
        }
    }
}
