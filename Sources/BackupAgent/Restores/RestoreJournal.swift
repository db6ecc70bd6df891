internal import BackupWire

/// What the agent must still know of restores after it was killed. Every call returns once it is on the disk.
protocol RestoreJournal: Sendable {
    /// All restores, those that have ended too, in the order in which they came.
    func restores() async throws -> [RestoreRecord]
    func save(_ record: RestoreRecord) async throws
    /// Ends a restore: its last message waits for the server from here, and it is not made again; both or neither.
    func end(_ record: RestoreRecord, with message: AgentMessage) async throws
    /// Restores that ended long ago.
    func forget(restoreIDs: [String]) async throws
}
