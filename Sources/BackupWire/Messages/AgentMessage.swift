/// What an agent says to a control plane.
package enum AgentMessage: Sendable, Equatable {
    case register(Registration)
    case heartbeat(Heartbeat)
    case discovery([DiscoveredContainer])
    case jobUpdate(JobUpdate)
    case backupCompleted(BackupCompleted)
    case healthResult(HealthResult)
    case log(LogEvent)
    case restoreUpdate(RestoreUpdate)
    case ack(Acknowledgement)

    // Additions
    case partURLsRequest(PartURLsRequest)
    case completeUpload(CompleteUpload)
    case abortUpload(runID: String, reason: String)
    case downloadURLRequest(runID: String, restoreID: String)
    case testConnectionResult(ConnectionTest)
    case updateStatus(UpdateStatus)
    case logBatch([LogEvent], dropped: UInt64)
}
