internal import SwiftProtobuf

extension AgentMessage {
    /// nil for a payload that only a server sends.
    init?(payload: Backup_V1_Envelope.OneOf_Payload, notes: inout WireNotes) {
        switch payload {
        case .register(let wire): self = .register(Registration(wire: wire))
        case .heartbeat(let wire): self = .heartbeat(Heartbeat(wire: wire))
        case .discovery(let wire):
            self = .discovery(wire.containers.map { DiscoveredContainer(wire: $0, notes: &notes) })
        case .jobUpdate(let wire): self = .jobUpdate(JobUpdate(wire: wire, notes: &notes))
        case .backupCompleted(let wire): self = .backupCompleted(BackupCompleted(wire: wire, notes: &notes))
        case .healthResult(let wire): self = .healthResult(HealthResult(wire: wire))
        case .log(let wire): self = .log(LogEvent(wire: wire, notes: &notes))
        case .restoreUpdate(let wire): self = .restoreUpdate(RestoreUpdate(wire: wire, notes: &notes))
        case .ack(let wire): self = .ack(Acknowledgement(wire: wire))
        case .partUrlsRequest(let wire): self = .partURLsRequest(PartURLsRequest(wire: wire))
        case .completeUpload(let wire): self = .completeUpload(CompleteUpload(wire: wire))
        case .abortUpload(let wire): self = .abortUpload(runID: wire.runID, reason: wire.reason)
        case .downloadURLRequest(let wire):
            self = .downloadURLRequest(runID: wire.runID, restoreID: wire.restoreID)
        case .testConnectionResult(let wire): self = .testConnectionResult(ConnectionTest(wire: wire))
        case .updateStatus(let wire): self = .updateStatus(UpdateStatus(wire: wire))
        case .logBatch(let wire):
            self = .logBatch(wire.events.map { LogEvent(wire: $0, notes: &notes) }, dropped: wire.dropped)
        case .registerAck, .configUpdate, .runBackup, .cancelJob, .runHealthCheck, .selfUpdate, .ping, .serverAck,
            .partUrls, .uploadResult, .downloadURL, .cancelRun, .runRestore, .cancelRestore, .testConnection:
            return nil
        }
    }

    var payload: Backup_V1_Envelope.OneOf_Payload {
        switch self {
        case .register(let message): .register(message.wire)
        case .heartbeat(let message): .heartbeat(message.wire)
        case .discovery(let containers): .discovery(.with { $0.containers = containers.map(\.wire) })
        case .jobUpdate(let message): .jobUpdate(message.wire)
        case .backupCompleted(let message): .backupCompleted(message.wire)
        case .healthResult(let message): .healthResult(message.wire)
        case .log(let message): .log(message.wire)
        case .restoreUpdate(let message): .restoreUpdate(message.wire)
        case .ack(let message): .ack(message.wire)
        case .partURLsRequest(let message): .partUrlsRequest(message.wire)
        case .completeUpload(let message): .completeUpload(message.wire)
        case .abortUpload(let runID, let reason):
            .abortUpload(
                .with {
                    $0.runID = runID
                    $0.reason = reason
                })
        case .downloadURLRequest(let runID, let restoreID):
            .downloadURLRequest(
                .with {
                    $0.runID = runID
                    $0.restoreID = restoreID
                })
        case .testConnectionResult(let message): .testConnectionResult(message.wire)
        case .updateStatus(let message): .updateStatus(message.wire)
        case .logBatch(let events, let dropped):
            .logBatch(
                .with {
                    $0.events = events.map(\.wire)
                    $0.dropped = dropped
                })
        }
    }
}
