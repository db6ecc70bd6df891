internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

extension RunRecord {
    /// Also the condition of two indexes: the planner recognises it by its text.
    static let isLive = "status IN ('pending', 'dispatched', 'running', 'uploading', 'validating')"

    /// Likewise. It ended without success, and what it may have stored has not been taken away.
    static let hasLeftovers =
        "finished_at IS NOT NULL AND status <> 'success' AND object_key <> '' AND purged_at IS NULL"

    /// Likewise. It has ended, and nothing of it is in a store, or ever was.
    static let isOver = "finished_at IS NOT NULL AND (object_key = '' OR purged_at IS NOT NULL)"

    init(row: SQLRow) throws {
        self.init(
            id: try BackupID(try row.text("id")), jobID: .init(try row.text("job_id")),
            agentID: .init(try row.text("agent_id")), targetID: .init(try row.text("target_id")),
            storageID: .init(try row.text("storage_id")), status: try row.word("status"),
            trigger: try row.word("trigger_kind"), slotAt: try row.optionalDate("slot_at"),
            attempt: try row.int("attempt"),
            retryOf: try row.optionalText("retry_of").map { try BackupID($0) }, notBefore: try row.date("not_before"),
            compression: try row.word("compression"), engine: try row.word("engine"),
            createdAt: try row.date("created_at"))
        fence = try row.integer("fence")
        isCancelRequested = try row.flag("cancel_requested")
        deadlineAt = try row.optionalDate("deadline_at")
        objectKey = try row.text("object_key")
        uploadID = try row.optionalText("upload_id")
        encryption = Encryption(
            keyID: try row.optionalText("key_id"), wrappedKey: try row.optionalBytes("wrapped_key"),
            recipients: try row.lines("recipients"), formatVersion: try row.int("format_version"))
        progressPercent = try row.int("progress_percent")
        step = try row.text("step")
        bytesDone = try row.size("bytes_done")
        stored = try Stored(row: row)
        failure = try Failure(row: row)
        startedAt = try row.optionalDate("started_at")
        finishedAt = try row.optionalDate("finished_at")
        deleteMarkedAt = try row.optionalDate("delete_marked_at")
        deleteReason = try row.optionalText("delete_reason")
        deletedAt = try row.optionalDate("deleted_at")
    }
}

extension RunRecord.Stored {
    fileprivate init?(row: SQLRow) throws {
        guard let size = try row.optionalSize("size_bytes") else { return nil }
        self.init(
            sizeBytes: size, dumpSizeBytes: try row.optionalSize("dump_size_bytes"),
            sha256: try row.optionalText("sha256") ?? "",
            duration: .milliseconds(try row.optionalInteger("duration_ms") ?? 0),
            engineVersion: try row.text("engine_version"), validated: try row.word("validated"),
            manifest: try row.optionalText("manifest"))
    }
}

extension RunRecord.Failure {
    init?(row: SQLRow) throws {
        guard let code = try row.optionalText("error_code") else { return nil }
        self.init(
            code: code, message: try row.optionalText("error_message") ?? "",
            hint: try row.optionalText("error_hint") ?? "")
    }
}

extension RestoreRecord {
    static let isLive = "status IN ('pending', 'dispatched', 'running')"

    init(row: SQLRow) throws {
        self.init(
            id: try BackupID(try row.text("id")), runID: try BackupID(try row.text("run_id")),
            agentID: .init(try row.text("agent_id")), status: try row.word("status"), request: try row.json("request"),
            createdAt: try row.date("created_at"))
        fence = try row.integer("fence")
        isCancelRequested = try row.flag("cancel_requested")
        progressPercent = try row.int("progress_percent")
        step = try row.text("step")
        bytesDone = try row.size("bytes_done")
        targetState = try row.optionalText("target_state")
        failure = try RunRecord.Failure(row: row)
        startedAt = try row.optionalDate("started_at")
        finishedAt = try row.optionalDate("finished_at")
    }
}
