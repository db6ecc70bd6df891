internal import BackupCore
internal import BackupFormat
internal import BackupPipeline
internal import BackupStorage
internal import BackupWire
internal import FoundationEssentials

/// One restore: checks, then the backup from the store into the database.
struct RestoreAttempt: Sendable {
    let restore: RunRestore
    let surroundings: Surroundings
    private let shown = Progress()

    init(restore: RunRestore, surroundings: Surroundings) {
        self.restore = restore
        self.surroundings = surroundings
    }

    /// Of the stored bytes, so far.
    var bytesDone: UInt64 { shown.stages.first?.bytesIn ?? 0 }

    /// What a restore that was ended has done to its target, as far as that is known without asking.
    var state: TargetState {
        switch shown.step {
        case .connecting: .unchanged
        case .finished: .complete
        default: .unknown
        }
    }

    /// - Returns: what nothing has proven of the backup, for people; nil where all of it was proven.
    /// - Throws: ``RestoreFailure`` with the state of the target once it was touched; what went wrong before.
    func perform() async throws -> String? {
        guard let wanted = restore.target else { throw RunError.unknownTarget("") }
        let connector = TargetConnector(surroundings: surroundings)
        let target = try await connector.resolved(wanted)
        try surroundings.policy.check(restoreInto: target, options: restore.options)
        let description = try await description(for: target)
        let driver = try await connector.driver(for: target)
        let store = try PresignedGetStore(
            restore.download.map { PresignedURL($0) }, transport: surroundings.transport
        ) {
            try await anotherURL()
        }
        let options = restore.options
        let progress = shown
        let outcome = try await withThrowingTaskGroup(of: RestoreRun.Outcome?.self) { group in
            group.addTask {
                try await RestoreRun(driver: driver, store: store, progress: progress).run(
                    description, options: options)
            }
            group.addTask {
                await follow()
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
        // A v2 stream proves its own order and end.
        return outcome.isDigestChecked || description.format == .v2 ? nil : Self.doubt
    }

    private static let doubt =
        "there was no SHA-256 to compare the backup with, and its format does not show parts that are missing: compare the database with its source"

    private func description(for target: Target) async throws -> RestoreRun.Description {
        guard let engine = restore.sourceEngine else { throw RunError.unknownEngine(restore.runID) }
        guard let compression = restore.compression else { throw RunError.unknownCompression(job: restore.runID) }
        let format: Manifest.Format =
            switch restore.formatVersion {
            case 0: .none
            case 1: .v1
            default: .v2
            }
        var description = RestoreRun.Description(
            objectKey: try ObjectKey(restore.download?.objectKey ?? restore.runID), runID: restore.runID,
            format: format, compression: compression, storedSize: restore.sizeBytes,
            dump: DumpFacts(
                engine: engine, engineVersion: restore.sourceVersion,
                scope: restore.isWholeServer ? .server : .database))
        description.sha256 = restore.sha256.isEmpty ? nil : restore.sha256
        description.manifest = restore.manifest.isEmpty ? nil : restore.manifest
        if !restore.key.isEmpty {
            guard let key = DataKey(restore.key.revealed) else { throw RunError.keyMalformed }
            description.key = key
        }
        let connector = TargetConnector(surroundings: surroundings)
        if let text = try await connector.secret(restore.identity, of: target) {
            description.identities = try AgeKeyFile.parse(Array(text.revealed.utf8), name: "the identity")
        }
        return description
    }

    private func anotherURL() async throws -> PresignedURL {
        let answer = try await surroundings.link.request(
            .downloadURLRequest(runID: restore.runID, restoreID: restore.restoreID), within: LinkUploadBroker.patience)
        guard case .downloadURL(let url, _) = answer else { throw RunError.unexpectedAnswer("a request to read") }
        guard let url else { throw RunError.noDownload }
        return PresignedURL(url)
    }

    /// Tells how far it is, at most once a second, until it is cancelled.
    private func follow() async {
        while !Task.isCancelled {
            var update = RestoreExecutor.update(restore, .running)
            update.currentStep = shown.step.rawValue
            update.bytesDone = bytesDone
            update.progressPercent = UInt32(min((shown.share ?? 0) * 100, 99))
            await surroundings.link.post(.restoreUpdate(update), correlationID: "")
            do { try await Task.sleep(for: RunProgress.interval) } catch { return }
        }
    }
}
