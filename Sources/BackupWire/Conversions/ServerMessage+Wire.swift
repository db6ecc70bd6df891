internal import BackupCore
internal import SwiftProtobuf

extension ServerMessage {
    /// nil for a payload that only an agent sends.
    init?(payload: Backup_V1_Envelope.OneOf_Payload, notes: inout WireNotes) {
        switch payload {
        case .registerAck(let wire): self = .registerAck(RegisterAck(wire: wire, notes: &notes))
        case .configUpdate(let wire): self = .configUpdate(AgentConfiguration(wire: wire.config, notes: &notes))
        case .runBackup(let wire): self = .runBackup(RunBackup(wire: wire, notes: &notes))
        case .cancelJob(let wire): self = .cancelJob(jobID: wire.jobID)
        case .runHealthCheck(let wire): self = .runHealthCheck(checkID: wire.checkID)
        case .selfUpdate(let wire): self = .selfUpdate(SelfUpdate(wire: wire))
        case .ping(let wire): self = .ping(timeMilliseconds: wire.tsMs)
        case .serverAck(let wire): self = .ack(Acknowledgement(wire: wire))
        case .partUrls(let wire): self = .partURLs(PartURLs(wire: wire))
        case .uploadResult(let wire): self = .uploadResult(UploadResult(wire: wire))
        case .downloadURL(let wire):
            self = .downloadURL(wire.hasDownload ? DownloadURL(wire: wire.download) : nil, error: wire.error)
        case .cancelRun(let wire): self = .cancelRun(runID: wire.runID, reason: wire.reason)
        case .runRestore(let wire): self = .runRestore(RunRestore(wire: wire, notes: &notes))
        case .cancelRestore(let wire): self = .cancelRestore(restoreID: wire.restoreID, reason: wire.reason)
        case .testConnection(let wire): self = .testConnection(Target(wire: wire.target, notes: &notes))
        case .register, .heartbeat, .discovery, .jobUpdate, .backupCompleted, .healthResult, .log, .restoreUpdate, .ack,
            .partUrlsRequest, .completeUpload, .abortUpload, .downloadURLRequest, .testConnectionResult, .updateStatus,
            .logBatch:
            return nil
        }
    }

    var payload: Backup_V1_Envelope.OneOf_Payload {
        switch self {
        case .registerAck(let message): .registerAck(message.wire)
        case .configUpdate(let configuration): .configUpdate(.with { $0.config = configuration.wire })
        case .runBackup(let message): .runBackup(message.wire)
        case .cancelJob(let jobID): .cancelJob(.with { $0.jobID = jobID })
        case .runHealthCheck(let checkID): .runHealthCheck(.with { $0.checkID = checkID })
        case .selfUpdate(let message): .selfUpdate(message.wire)
        case .ping(let timeMilliseconds): .ping(.with { $0.tsMs = timeMilliseconds })
        case .ack(let message): .serverAck(message.wire)
        case .partURLs(let message): .partUrls(message.wire)
        case .uploadResult(let message): .uploadResult(message.wire)
        case .downloadURL(let download, let error):
            .downloadURL(
                .with {
                    if let download { $0.download = download.wire }
                    $0.error = error
                })
        case .cancelRun(let runID, let reason):
            .cancelRun(
                .with {
                    $0.runID = runID
                    $0.reason = reason
                })
        case .runRestore(let message): .runRestore(message.wire)
        case .cancelRestore(let restoreID, let reason):
            .cancelRestore(
                .with {
                    $0.restoreID = restoreID
                    $0.reason = reason
                })
        case .testConnection(let target): .testConnection(.with { $0.target = target.wire })
        }
    }
}
