import BackupCore
import BackupWire

/// Every message of both directions, with every field set: texts hold their own field's name, numbers ``number(_:)`` of it.
enum Samples {
    /// Fields that can't hold their own name.
    static let texts = [
        "BackupJobSpec.compression": "gzip", "RunRestore.compression": "gzip", "MaintenanceWindow.start_utc": "22:00",
        "MaintenanceWindow.end_utc": "04:30", "DiscoveredContainer.env_hints": "set",
    ]

    /// 1 to 97: within every limit. The fields of one message have different ones.
    static func number(_ name: String) -> Int {
        1 + Int(name.utf8.reduce(UInt32(17)) { ($0 ^ UInt32($1)) &* 16_777_619 } % 97)
    }

    static let agent: [AgentMessage] = [
        .register(registration), .heartbeat(heartbeat), .discovery([container]), .jobUpdate(jobUpdate),
        .backupCompleted(completed), .healthResult(healthResult), .log(logEvent), .restoreUpdate(restoreUpdate),
        .ack(acknowledgement),
        .partURLsRequest(
            PartURLsRequest(
                runID: "run_id", firstNumber: UInt32(number("first_number")), count: UInt32(number("count")))),
        .completeUpload(
            CompleteUpload(
                runID: "run_id",
                parts: [
                    UploadedPart(
                        number: UInt32(number("number")), etag: "etag", sizeBytes: UInt64(number("size_bytes")))
                ], sizeBytes: UInt64(number("size_bytes")))),
        .abortUpload(runID: "run_id", reason: "reason"),
        .downloadURLRequest(runID: "run_id", restoreID: "restore_id"), .testConnectionResult(connectionTest),
        .updateStatus(UpdateStatus(targetVersion: "target_version", phase: "phase", error: "error")),
        .logBatch([logEvent], dropped: UInt64(number("dropped"))),
    ]

    static let server: [ServerMessage] = [
        .registerAck(registerAck), .configUpdate(configuration), .runBackup(runBackup), .cancelJob(jobID: "job_id"),
        .runHealthCheck(checkID: "check_id"), .selfUpdate(selfUpdate), .ping(timeMilliseconds: UInt64(number("ts_ms"))),
        .ack(acknowledgement), .partURLs(PartURLs(runID: "run_id", parts: [partURL], error: "error")),
        .uploadResult(
            UploadResult(
                runID: "run_id", isOK: true, error: "error", sizeBytes: UInt64(number("size_bytes")), download: download
            )),
        .downloadURL(download, error: "error"), .cancelRun(runID: "run_id", reason: "reason"), .runRestore(runRestore),
        .cancelRestore(restoreID: "restore_id", reason: "reason"), .testConnection(target),
    ]

    static let acknowledgement = Acknowledgement(correlationID: "correlation_id", isAccepted: true, reason: "reason")

    static let logEvent = with(LogEvent()) {
        $0.timeMilliseconds = UInt64(number("ts_ms"))
        $0.level = .warn
        $0.jobID = "job_id"
        $0.message = "message"
        $0.fields = ["fields": "value"]
    }

    static func with<T>(_ value: T, _ change: (inout T) -> Void) -> T {
        var value = value
        change(&value)
        return value
    }
}
