internal import BackupCore
internal import BackupFormat

/// Looks at what the store has of a run that has just been stored.
struct ReadBack: Sendable {
    let object: StoredObject
    let stored: StoredDigest
    let store: any ObjectStore
    let progress: Progress

    /// - Throws: ``PipelineError/storedBytesDiffer(_:what:)``, errors of the format and of the store.
    func run(_ extent: RunPlan.ReadBack) async throws {
        switch extent {
        case .none: break
        case .firstFrame:
            progress.begin(.validating)
            try await openFirstFrame()
        case .ends:
            progress.begin(.validating)
            try await compareEnds()
        case .all:
            try await object.read(.dump, from: store, into: DiscardingSink(), progress: progress, step: .validating)
        }
    }

    /// Opens the header and the first frame, and compares the first 64 KiB. Memory: what
    /// ``Manifest/Format/firstPieceSize`` says, 1 MiB at most, twice.
    private func openFirstFrame() async throws {
        let length = min(UInt64(object.format.firstPieceSize), stored.size)
        let found = try await SmallObject.range(0..<length, of: object.objectKey, in: store)
        try object.check(storedSize: found.objectSize)
        guard UInt64(found.bytes.count) == length, found.bytes.starts(with: stored.head.prefix(found.bytes.count))
        else {
            throw differ("the first 64 KiB differ")
        }
        var opener = object.opener()
        var writer = BlockWriter { _ in }
        try found.bytes.withUnsafeBytes { try opener.update($0, into: &writer) }
        // With fewer bytes than a piece there is an end to be proven, too.
        if length == stored.size { try opener.finish(into: &writer) }
        guard writer.bytesWritten > 0 || length == stored.size else { throw differ("its first frame is not there") }
    }

    private func compareEnds() async throws {
        let size = stored.size
        let length = min(UInt64(StoredDigest.endBytes), size)
        async let head = SmallObject.range(0..<length, of: object.objectKey, in: store)
        async let tail = SmallObject.range(size - length..<size, of: object.objectKey, in: store)
        for (found, expected) in [(try await head, stored.head), (try await tail, stored.tail)] {
            guard found.objectSize == size else { throw differ("it has \(found.objectSize) bytes of \(size)") }
            guard found.bytes == expected else { throw differ("the first or the last 64 KiB differ") }
        }
    }

    private func differ(_ what: String) -> PipelineError { .storedBytesDiffer(object.id, what: what) }
}
