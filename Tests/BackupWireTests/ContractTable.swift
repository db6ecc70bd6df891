/// The tables of `backup.v1` that agents and servers elsewhere were built from. Nothing in them ever changes.
enum ContractTable {
    static let envelope = """
        1 seq uint64 · 2 ts_ms uint64 · 3 correlation_id string · 10 register Register · 11 heartbeat Heartbeat · \
        12 discovery DiscoveryReport · 13 job_update JobUpdate · 14 backup_completed BackupCompleted · \
        15 health_result HealthCheckResult · 16 log LogEvent · 17 restore_update RestoreUpdate · 18 ack Ack · \
        50 register_ack RegisterAck · 51 config_update ConfigUpdate · 52 run_backup RunBackup · 53 cancel_job CancelJob · \
        54 run_health_check RunHealthCheck · 56 self_update SelfUpdate · 57 ping Ping
        """

    static let messages = """
        | Register | 1 agent_version string · 2 hostname string · 3 os string · 4 arch string · 5 docker_version string · 6 capabilities repeated string · 7 last_known_config_version uint64 |
        | Heartbeat | 1 config_version uint64 · 2 metrics AgentMetrics · 3 active_job_ids repeated string |
        | AgentMetrics | 1 cpu_percent float · 2 mem_used_bytes uint64 · 3 mem_total_bytes uint64 · 4 disk_used_bytes uint64 · 5 disk_total_bytes uint64 · 6 queue_depth uint32 |
        | DiscoveryReport | 1 containers repeated DiscoveredContainer |
        | DiscoveredContainer | 1 container_id string · 2 name string · 3 image string · 4 detected_db_type string · 5 networks repeated string · 6 env_hints map<string,string> · 7 ports repeated PortBinding |
        | PortBinding | 1 container_port uint32 · 2 host_port uint32 · 3 protocol string |
        | JobUpdate | 1 job_id string · 2 status JobStatus · 3 progress_percent uint32 · 4 current_step string · 5 error_message string · 6 run_id string |
        | BackupCompleted | 1 job_id string · 2 run_id string · 3 s3_key string · 4 size_bytes uint64 · 5 sha256 string · 6 duration_ms uint64 · 7 dek_kms_id string · 8 encrypted_dek bytes · 9 compression string · 10 db_engine_version string |
        | HealthCheckResult | 1 check_id string · 2 ts_ms uint64 · 3 ok bool · 4 latency_ms uint32 · 5 error string · 6 status_code uint32 |
        | LogEvent | 1 ts_ms uint64 · 2 level LogLevel · 3 job_id string · 4 message string · 5 fields map<string,string> |
        | RestoreUpdate | 1 restore_id string · 2 status JobStatus · 3 progress_percent uint32 · 4 current_step string · 5 error_message string |
        | Ack | 1 correlation_id string · 2 accepted bool · 3 reason string |
        | RegisterAck | 1 session_id string · 2 config AgentConfig · 3 heartbeat_interval_sec uint32 · 4 server_time_iso string · 16 capabilities repeated string |
        | ConfigUpdate | 1 config AgentConfig |
        | AgentConfig | 1 version uint64 · 2 targets repeated Target · 3 jobs repeated BackupJobSpec · 4 health_checks repeated HealthCheckSpec · 5 maintenance MaintenanceWindow · 6 advanced AdvancedSettings |
        | Target | 1 id string · 2 type DbType · 3 display_name string · 4 connection ConnectionConfig |
        | ConnectionConfig | 1 host string · 2 port uint32 · 3 database string · 4 username string · 5 password_secret_ref string · 6 container_id string · 7 strategy ConnectionStrategy |
        | BackupJobSpec | 1 id string · 2 target_id string · 3 cron string · 4 retention_days uint32 · 5 compression string · 6 encryption_enabled bool · 7 pre_hooks repeated string · 8 post_hooks repeated string · 9 retry RetryPolicy · 10 timeout_sec uint32 |
        | RetryPolicy | 1 max_attempts uint32 · 2 backoff_seconds repeated uint32 |
        | HealthCheckSpec | 1 id string · 2 name string · 3 type CheckType · 4 target string · 5 interval_sec uint32 · 6 timeout_sec uint32 · 7 expected_status uint32 |
        | MaintenanceWindow | 1 start_utc string · 2 end_utc string |
        | AdvancedSettings | 1 max_parallel_jobs uint32 · 2 log_level string · 3 auto_update_enabled bool |
        | RunBackup | 1 job_id string · 2 run_id string · 3 manual_trigger bool · 4 upload_creds S3UploadCreds · 5 encrypted_dek bytes |
        | S3UploadCreds | 1 presigned_put_url string · 2 expires_at_ms uint64 · 3 final_s3_key string |
        | S3DownloadCreds | 1 presigned_get_url string · 2 expires_at_ms uint64 · 3 s3_key string |
        | CancelJob | 1 job_id string |
        | RunHealthCheck | 1 check_id string |
        | SelfUpdate | 1 target_version string · 2 binary_url string · 3 sha256 string · 4 cosign_signature bytes · 5 force bool |
        | Ping | 1 ts_ms uint64 |
        """

    static let enums = """
        | JobStatus | JOB_STATUS_UNSPECIFIED 0 · QUEUED 1 · RUNNING 2 · SUCCESS 3 · FAILED 4 · CANCELLED 5 |
        | DbType | DB_UNSPECIFIED 0 · POSTGRESQL 1 · MYSQL 2 · MARIADB 3 · MONGODB 4 · REDIS 5 · SQLITE 6 |
        | ConnectionStrategy | TCP 0 · DOCKER_EXEC 1 · UNIX_SOCKET 2 |
        | CheckType | HTTP 0 · HTTPS 1 · TCP_CHECK 2 |
        | LogLevel | TRACE 0 · DEBUG 1 · INFO 2 · WARN 3 · ERROR 4 |
        """

    /// `Message.number name type`, as ``WireSchema/lines`` has them.
    static var fieldLines: Set<String> {
        let rows = rows(messages) + [("Envelope", envelope)]
        return Set(rows.flatMap { message, fields in items(fields).map { "\(message).\($0)" } })
    }

    /// `Enum.NAME number`.
    static var enumLines: Set<String> {
        Set(rows(enums).flatMap { name, values in items(values).map { "\(name).\($0)" } })
    }

    private static func items(_ text: String) -> [String] { text.split(separator: " · ").map(String.init) }

    private static func rows(_ table: String) -> [(String, String)] {
        table.split(separator: "\n").map { line in
            let cells = line.split(separator: "|").map { $0.trimmingPrefix(" ") }
            return (String(cells[0].dropLast()), String(cells[1].dropLast()))
        }
    }
}
