import BackupWire

extension Samples {
    static let registration = with(Registration()) {
        $0.agentVersion = "agent_version"
        $0.hostname = "hostname"
        $0.os = "os"
        $0.architecture = "arch"
        $0.dockerVersion = "docker_version"
        $0.capabilities = [Capability(rawValue: "capabilities")]
        $0.lastKnownConfigVersion = UInt64(number("last_known_config_version"))
    }

    static let heartbeat = with(Heartbeat()) {
        $0.configVersion = UInt64(number("config_version"))
        $0.metrics.cpuPercent = Float(number("cpu_percent"))
        $0.metrics.memoryUsed = UInt64(number("mem_used_bytes"))
        $0.metrics.memoryTotal = UInt64(number("mem_total_bytes"))
        $0.metrics.diskUsed = UInt64(number("disk_used_bytes"))
        $0.metrics.diskTotal = UInt64(number("disk_total_bytes"))
        $0.metrics.queueDepth = UInt32(number("queue_depth"))
        $0.activeJobIDs = ["active_job_ids"]
    }

    static let container = with(DiscoveredContainer()) {
        $0.id = "container_id"
        $0.name = "name"
        $0.image = "image"
        $0.databaseType = "detected_db_type"
        $0.networks = ["networks"]
        $0.environmentNames = ["env_hints"]
        $0.ports = [
            DiscoveredContainer.Port(
                container: UInt32(number("container_port")), host: UInt32(number("host_port")), protocol: "protocol")
        ]
        $0.evidence = "evidence"
        $0.suggestedTargets = [target]
    }

    static let jobUpdate = with(JobUpdate()) {
        $0.jobID = "job_id"
        $0.runID = "run_id"
        $0.status = .failed
        $0.progressPercent = UInt32(number("progress_percent"))
        $0.currentStep = "current_step"
        $0.error = ErrorReport(
            code: "error_code", message: "error_message", hint: "error_hint", recovery: "recovery")
        $0.bytesDone = UInt64(number("bytes_done"))
        $0.attempt = UInt32(number("attempt"))
    }

    static let completed = with(BackupCompleted()) {
        $0.jobID = "job_id"
        $0.runID = "run_id"
        $0.objectKey = "s3_key"
        $0.sizeBytes = UInt64(number("size_bytes"))
        $0.sha256 = "sha256"
        $0.durationMilliseconds = UInt64(number("duration_ms"))
        $0.keyID = "dek_kms_id"
        $0.encryptedKey = Array("encrypted_dek".utf8)
        $0.compression = "compression"
        $0.engineVersion = "db_engine_version"
        $0.formatVersion = UInt32(number("format_version"))
        $0.dumpSizeBytes = UInt64(number("dump_size_bytes"))
        $0.manifest = Array("manifest".utf8)
        $0.validated = .full
    }

    static let healthResult = with(HealthResult()) {
        $0.checkID = "check_id"
        $0.timeMilliseconds = UInt64(number("ts_ms"))
        $0.isOK = true
        $0.latencyMilliseconds = UInt32(number("latency_ms"))
        $0.error = "error"
        $0.statusCode = UInt32(number("status_code"))
    }

    static let restoreUpdate = with(RestoreUpdate()) {
        $0.restoreID = "restore_id"
        $0.status = .failed
        $0.progressPercent = UInt32(number("progress_percent"))
        $0.currentStep = "current_step"
        $0.error = ErrorReport(code: "error_code", message: "error_message", hint: "error_hint")
        $0.targetState = "target_state"
        $0.bytesDone = UInt64(number("bytes_done"))
    }

    static let connectionTest = with(ConnectionTest()) {
        $0.isOK = true
        $0.engineVersion = "engine_version"
        $0.toolVersion = "tool_version"
        $0.sizeBytes = UInt64(number("size_bytes"))
        $0.latencyMilliseconds = UInt32(number("latency_ms"))
        $0.error = ErrorReport(code: "error_code", message: "error", hint: "error_hint")
    }
}
