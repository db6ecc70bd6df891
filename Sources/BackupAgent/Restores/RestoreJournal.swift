internal import BackupWire

/// What the agent must still know of restores after it was killed. Every call returns once it is on the disk.
protocol RestoreJournal: Sendable {
    func restores() async throws -> [RestoreRecord]
    func save(_ record: RestoreRecord) async throws
    /// Ends a restore: its last message waits for the server from here; both or neither.
    func end(restoreID: String, with message: AgentMessage) async throws
}
