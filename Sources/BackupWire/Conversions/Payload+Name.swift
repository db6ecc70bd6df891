extension Backup_V1_Envelope.OneOf_Payload {
    /// As the .proto has it.
    var name: String {
        switch self {
        case .register: "register"
        case .heartbeat: "heartbeat"
        case .discovery: "discovery"
        case .jobUpdate: "job_update"
        case .backupCompleted: "backup_completed"
        case .healthResult: "health_result"
        case .log: "log"
        case .restoreUpdate: "restore_update"
        case .ack: "ack"
        case .partUrlsRequest: "part_urls_request"
        case .completeUpload: "complete_upload"
        case .abortUpload: "abort_upload"
        case .downloadURLRequest: "download_url_request"
        case .testConnectionResult: "test_connection_result"
        case .updateStatus: "update_status"
        case .logBatch: "log_batch"
        case .registerAck: "register_ack"
        case .configUpdate: "config_update"
        case .runBackup: "run_backup"
        case .cancelJob: "cancel_job"
        case .runHealthCheck: "run_health_check"
        case .selfUpdate: "self_update"
        case .ping: "ping"
        case .serverAck: "server_ack"
        case .partUrls: "part_urls"
        case .uploadResult: "upload_result"
        case .downloadURL: "download_url"
        case .cancelRun: "cancel_run"
        case .runRestore: "run_restore"
        case .cancelRestore: "cancel_restore"
        case .testConnection: "test_connection"
        }
    }
}
