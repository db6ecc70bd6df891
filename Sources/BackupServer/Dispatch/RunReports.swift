internal import BackupControl
internal import BackupCore
internal import BackupFormat
internal import BackupStorage
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// What agents say of their runs.
struct RunReports: Sendable {
    /// Of an agent's text.
    private static let longestText = 4000
    private static let longestStep = 40

    let stores: DispatchStores
    let orders: RunOrders
    let endings: RunEndings
    let logger: Logger

    // MARK: On the way

    func took(_ update: JobUpdate, from connection: AgentConnection) async throws {
        guard let id = try await runID(update, connection.agentID) else { return }
        switch update.status {
        case .running:
            let progress = RunProgress(
                status: Self.status(update.currentStep), percent: Int(min(update.progressPercent, 100)),
                step: update.currentStep.prefix(bytes: Self.longestStep), bytesDone: update.bytesDone, at: Date())
            guard let run = try await stores.runs.advance(id, agent: connection.agentID, progress) else { return }
            if run.status.isLive { connection.withRuns { $0.began(id, job: run.jobID) } }
            await endings.changed(run)
        case .failed: try await end(id, connection, .failed(Self.failure(update.error)))
        case .cancelled: try await end(id, connection, .cancelled)
        // It waits for its next attempt, or for the end of a maintenance window, and heartbeats name only what is at work.
        case .queued: connection.withRuns { $0.ended(id) }
        // A success is what BackupCompleted says.
        case .unspecified, .success: break
        }
    }

    private func end(_ id: BackupID, _ connection: AgentConnection, _ ending: RunEnding) async throws {
        connection.withRuns { $0.ended(id) }
        try await endings.end(id, agent: connection.agentID, ending)
    }

    /// Old agents name only the job, of which one run is live.
    private func runID(_ update: JobUpdate, _ agent: AgentRecord.ID) async throws -> BackupID? {
        if !update.runID.isEmpty { return try? BackupID(update.runID) }
        return try await stores.runs.liveRuns(of: agent).first { $0.jobID.string == update.jobID }?.id
    }

    private static func status(_ step: String) -> RunRecord.Status {
        switch step {
        case "uploading": .uploading
        case "validating", "post_hooks": .validating
        default: .running
        }
    }

    private static func failure(_ report: ErrorReport?) -> RunRecord.Failure {
        RunRecord.Failure(
            code: (report?.code).flatMap { $0.isEmpty ? nil : $0.prefix(bytes: 100) } ?? "agent.failed",
            message: report?.message.prefix(bytes: longestText) ?? "",
            hint: report?.hint.prefix(bytes: longestText) ?? "")
    }

    // MARK: The end of a good one

    /// Compares what the agent says with what the store has, writes the manifest beside the object, and only then ends the run.
    ///
    /// Idempotent: a second copy finds the run ended. What comes for a run that has ended without success changes nothing, and its
    /// object goes: the run was counted as lost, and a backup that nobody counts is one that nobody deletes.
    func took(_ completed: BackupCompleted, from connection: AgentConnection) async throws {
        guard let id = try? BackupID(completed.runID), let run = try await stores.runs.run(id),
            run.agentID == connection.agentID
        else { return }
        // Heartbeats don't name it any more, however long the store takes now.
        connection.withRuns { $0.ended(id) }
        guard run.status.isLive else {
            if run.status != .success { endings.clear(run) }
            return
        }
        do {
            let stored = try await proven(completed, run)
            if let manifest = stored.manifest { try await write(manifest, of: run) }
            try await endings.end(id, agent: run.agentID, .success(stored))
        } catch let error as DispatchError {
            logger.error("a backup is not what its agent says", metadata: ["run_id": "\(id)", "error": "\(error)"])
            try await endings.end(id, agent: run.agentID, .failed(.init(error)))
        }
    }

    /// - Throws: ``DispatchError`` where the backup is not what it should be; an error of the store where that could not be seen.
    private func proven(_ completed: BackupCompleted, _ run: RunRecord) async throws -> RunRecord.Stored {
        let target = try await orders.storage.target(run.storageID)
        guard completed.objectKey.isEmpty || completed.objectKey == run.objectKey,
            let info = try await target.objects.info(try ObjectKey(run.objectKey))
        else { throw DispatchError.objectMissing(run.objectKey) }
        guard info.size == completed.sizeBytes else {
            throw DispatchError.sizeMismatch(reported: completed.sizeBytes, stored: info.size)
        }
        let manifest = completed.manifest.isEmpty ? nil : try checked(completed, run)
        return RunRecord.Stored(
            sizeBytes: info.size, dumpSizeBytes: completed.dumpSizeBytes == 0 ? nil : completed.dumpSizeBytes,
            sha256: completed.sha256.lowercased(),
            duration: .milliseconds(Int64(clamping: completed.durationMilliseconds)),
            engineVersion: completed.engineVersion.prefix(bytes: 200),
            validated: Self.readBack(completed.validated, isOld: completed.manifest.isEmpty), manifest: manifest)
    }

    /// - Returns: the manifest's text.
    private func checked(_ completed: BackupCompleted, _ run: RunRecord) throws -> String {
        let manifest: Manifest
        do {
            manifest = try Manifest.decode(completed.manifest)
        } catch {
            throw DispatchError.manifestMismatch(error.message)
        }
        let differences = [
            (manifest.id == run.id.string, "it is that of \(manifest.id)"),
            (run.objectKey.hasSuffix("/" + manifest.object), "its object is \(manifest.object)"),
            (manifest.storedSize == completed.sizeBytes, "it says \(manifest.storedSize) bytes"),
            (manifest.storedSHA256 == completed.sha256.lowercased(), "it has another SHA-256"),
            (manifest.engine.isSibling(of: run.engine), "it is of \(manifest.engine.rawValue)"),
            (
                (manifest.format == .none) == (run.encryption.formatVersion == 0),
                "its format is \(manifest.format.rawValue)"
            ),
            (
                try orders.key(of: run).map { manifest.isAuthentic(under: $0) } ?? true,
                "it was not made with the run's key"
            ),
        ]
        if let (_, what) = differences.first(where: { !$0.0 }) { throw DispatchError.manifestMismatch(what) }
        return String(decoding: completed.manifest, as: UTF8.self)
    }

    private func write(_ manifest: String, of run: RunRecord) async throws {
        let target = try await orders.storage.target(run.storageID)
        let bytes = Array(manifest.utf8)
        let key = try RunKey.manifest(of: run)
        do {
            _ = try await target.objects.put(key, from: SmallStream.of(bytes), sizeHint: UInt64(bytes.count))
        } catch StorageError.objectExists {
            // Written before, when the write that ends the run did not come about.
            guard try await target.objects.info(key)?.size == UInt64(bytes.count) else {
                throw DispatchError.manifestMismatch("another one is beside the object already")
            }
        }
    }

    private static func readBack(_ validated: Validation, isOld: Bool) -> ReadBack {
        switch validated {
        case .stream: isOld ? .none : .stream
        case .firstFrame: .firstFrame
        case .full: .full
        }
    }
}
