internal import BackupAPI
internal import BackupControl
internal import BackupCore

extension RunDocument {
    init(_ run: RunRecord) {
        self.init(
            id: run.id.string, jobID: run.jobID.string, agentID: run.agentID.string, targetID: run.targetID.string,
            storageID: run.storageID.string, status: run.status.rawValue, trigger: run.trigger.rawValue,
            attempt: run.attempt, retryOf: run.retryOf?.string, isCancelRequested: run.isCancelRequested,
            progressPercent: min(100, max(0, run.progressPercent)), bytesDone: Int(clamping: run.bytesDone),
            engine: run.engine.rawValue, engineVersion: run.stored?.engineVersion ?? "",
            compression: run.compression.rawValue, isEncrypted: run.encryption.formatVersion > 0,
            objectKey: run.objectKey, sizeBytes: run.stored.map { Int(clamping: $0.sizeBytes) },
            dumpSizeBytes: run.stored?.dumpSizeBytes.map { Int(clamping: $0) }, sha256: run.stored?.sha256,
            durationMs: run.stored.map { Int($0.duration / .milliseconds(1)) },
            validated: run.stored?.validated.rawValue, error: run.failure.map { FailureDocument($0) },
            createdAt: run.createdAt, startedAt: run.startedAt, finishedAt: run.finishedAt,
            deleteMarkedAt: run.deleteMarkedAt, deletedAt: run.deletedAt)
    }
}

extension RunLogDocument {
    init(_ line: RunLogLine) {
        self.init(at: line.at, level: line.level, message: line.message, fields: line.fields)
    }
}

extension RestoreDocument {
    init(_ restore: RestoreRecord) {
        self.init(
            id: restore.id.string, runID: restore.runID.string, agentID: restore.agentID.string,
            targetID: restore.request.targetID.string, status: restore.status.rawValue,
            progressPercent: min(100, max(0, restore.progressPercent)), step: restore.step,
            bytesDone: Int(clamping: restore.bytesDone), targetState: restore.targetState,
            error: restore.failure.map { FailureDocument($0) }, createdAt: restore.createdAt,
            startedAt: restore.startedAt, finishedAt: restore.finishedAt)
    }
}
