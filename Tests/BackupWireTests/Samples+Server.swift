import BackupCore
import BackupWire

extension Samples {
    static let target = Target(
        id: "id", engine: .mongodb, displayName: "display_name", host: "host", port: number("port"),
        database: "database", username: "username", password: .inline(Secret("password_secret_ref")),
        containerID: "container_id", strategy: .unixSocket)

    static let configuration = AgentConfiguration(
        version: UInt64(number("version")), targets: [target],
        jobs: [
            Job(
                id: "id", targetID: "target_id", cron: "cron", retentionDays: number("retention_days"),
                compression: .gzip, isEncrypted: true, preHooks: ["pre_hooks"], postHooks: ["post_hooks"],
                retry: Job.Retry(maxAttempts: number("max_attempts"), backoffSeconds: [number("backoff_seconds")]),
                timeout: .seconds(number("timeout_sec")))
        ],
        healthChecks: [
            HealthCheck(
                id: "id", name: "name", kind: .tcp, target: "target", interval: .seconds(number("interval_sec")),
                timeout: .seconds(number("timeout_sec")), expectedStatus: number("expected_status"),
                expectedText: "expected_text")
        ],
        maintenance: MaintenanceWindow(start: "22:00", end: "04:30"),
        maxParallelJobs: number("max_parallel_jobs"), logLevel: "log_level", isAutoUpdateEnabled: true)

    static let registerAck = with(RegisterAck()) {
        $0.sessionID = "session_id"
        $0.configuration = configuration
        $0.heartbeatIntervalSeconds = UInt32(number("heartbeat_interval_sec"))
        $0.serverTime = "server_time_iso"
        $0.capabilities = [Capability(rawValue: "capabilities")]
    }

    static let partURL = PartURL(
        number: UInt32(number("number")), url: Secret("presigned_put_url"),
        expiresAtMilliseconds: UInt64(number("expires_at_ms")))

    static let download = DownloadURL(
        url: Secret("presigned_get_url"), expiresAtMilliseconds: UInt64(number("expires_at_ms")), objectKey: "s3_key")

    static let runBackup = with(RunBackup()) {
        $0.jobID = "job_id"
        $0.runID = "run_id"
        $0.isManual = true
        $0.upload.url = Secret("presigned_put_url")
        $0.upload.expiresAtMilliseconds = UInt64(number("expires_at_ms"))
        $0.upload.objectKey = "final_s3_key"
        $0.upload.headers = ["headers": "value"]
        $0.key = SecretBytes(Array("encrypted_dek".utf8))
        $0.recipients = ["recipients"]
        $0.formatVersion = UInt32(number("format_version"))
        $0.wrappedKey = Array("wrapped_dek".utf8)
        $0.keyID = "dek_kms_id"
        var plan = MultipartPlan()
        plan.minPartBytes = UInt64(number("min_part_bytes"))
        plan.maxPartBytes = UInt64(number("max_part_bytes"))
        plan.maxParts = UInt32(number("max_parts"))
        plan.parts = [partURL]
        $0.multipart = plan
        $0.validation = .firstFrame
        $0.takesFingerprint = true
    }

    static let selfUpdate = with(SelfUpdate()) {
        $0.targetVersion = "target_version"
        $0.binaryURL = "binary_url"
        $0.sha256 = "sha256"
        $0.signature = Array("cosign_signature".utf8)
        $0.isForced = true
    }

    static let runRestore = with(RunRestore()) {
        $0.restoreID = "restore_id"
        $0.runID = "run_id"
        $0.target = target
        $0.download = download
        $0.manifest = Array("manifest".utf8)
        $0.sizeBytes = UInt64(number("size_bytes"))
        $0.sha256 = "sha256"
        $0.formatVersion = UInt32(number("format_version"))
        $0.compression = .gzip
        $0.sourceEngine = .redis
        $0.sourceVersion = "source_version"
        $0.isWholeServer = true
        $0.key = SecretBytes(Array("dek".utf8))
        $0.identity = .inline(Secret("identity_secret_ref"))
        $0.options.overwrite = true
        $0.options.create = true
        $0.options.withoutOwners = true
        $0.options.withoutPrivileges = true
        $0.options.only = "only_database"
        $0.timeout = .seconds(number("timeout_sec"))
    }
}
