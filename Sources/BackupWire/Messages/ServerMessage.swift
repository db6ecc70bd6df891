package import BackupCore

/// What a control plane says to an agent.
package enum ServerMessage: Sendable, Equatable {
    case registerAck(RegisterAck)
    case configUpdate(AgentConfiguration)
    case runBackup(RunBackup)
    case cancelJob(jobID: String)
    case runHealthCheck(checkID: String)
    case selfUpdate(SelfUpdate)
    case ping(timeMilliseconds: UInt64)

    // Additions
    case ack(Acknowledgement)
    case partURLs(PartURLs)
    case uploadResult(UploadResult)
    case downloadURL(DownloadURL?, error: String)
    case cancelRun(runID: String, reason: String)
    case runRestore(RunRestore)
    case cancelRestore(restoreID: String, reason: String)
    case testConnection(Target)
}
