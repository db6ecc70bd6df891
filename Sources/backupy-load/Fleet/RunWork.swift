internal import BackupWire

/// What agents do with the runs that they are sent. Called on event loops: nothing here waits.
protocol RunWork: Sendable {
    func ordered(_ order: RunBackup, _ correlationID: String, _ agent: LoadAgent)
    func stored(_ result: UploadResult, _ agent: LoadAgent)
    /// An answer to anything that the agent sent with a correlation id.
    func acknowledged(_ correlationID: String)
}

/// Agents that are sent nothing.
struct NoWork: RunWork {
    func ordered(_ order: RunBackup, _ correlationID: String, _ agent: LoadAgent) {}
    func stored(_ result: UploadResult, _ agent: LoadAgent) {}
    func acknowledged(_ correlationID: String) {}
}
