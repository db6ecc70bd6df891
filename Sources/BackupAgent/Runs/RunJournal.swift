internal import BackupWire

/// What the agent must still know of runs after it was killed. Every call returns once it is on the disk.
protocol RunJournal: Sendable {
    /// All runs that have not ended, and the ids of those that have, both in the order in which they came.
    func runs() async throws -> (open: [RunRecord], ended: [String])

    func save(_ record: RunRecord) async throws

    /// Ends a run: its last messages wait for the server from here, and it is not run again; both or neither.
    func end(_ record: RunRecord, with messages: [AgentMessage]) async throws

    /// Runs that ended long ago.
    func forget(_ runIDs: [String]) async throws
}
