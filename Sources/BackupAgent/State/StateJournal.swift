internal import BackupState
internal import BackupWire

/// Runs and restores in the queue of the agent's state.
struct StateJournal: RunJournal, RestoreJournal {
    /// What the keys of runs and of restores begin with.
    static let run = "run/"
    static let restore = "restore/"

    let state: StateStore

    func runs() async throws -> (open: [RunRecord], ended: [String]) {
        var open: [(order: UInt64, record: RunRecord)] = []
        var ended: [(order: UInt64, id: String)] = []
        for (key, value) in try await state.all(.queue) where key.hasPrefix(Self.run) {
            let record = try RunRecord(value)
            if record.phase == .ended {
                ended.append((record.order, record.run.runID))
            } else {
                open.append((record.order, record))
            }
        }
        ended.sort { $0.order < $1.order }
        return (open.sorted { $0.order < $1.order }.map(\.record), ended.map(\.id))
    }

    func save(_ record: RunRecord) async throws {
        try await state.put(.queue, Self.run + record.run.runID, record.encoded())
    }

    func end(_ record: RunRecord, with messages: [AgentMessage]) async throws {
        let id = record.run.runID
        let sent: [StateChange] = try messages.enumerated().map { index, message in
            .send(try StateOutbox.bytes(message, id: "run/\(id)/\(index)"), StateOutbox.priority(of: message))
        }
        try await state.apply([.put(.queue, key: Self.run + id, record.encoded())] + sent)
    }

    func forget(_ runIDs: [String]) async throws {
        try await state.apply(runIDs.map { .delete(.queue, key: Self.run + $0) })
    }

    // MARK: Restores

    func restores() async throws -> [RestoreRecord] {
        try await state.all(.queue).filter { $0.key.hasPrefix(Self.restore) }.map { try RestoreRecord($0.value) }
            .sorted { $0.order < $1.order }
    }

    func save(_ record: RestoreRecord) async throws {
        try await state.put(.queue, Self.restore + record.restore.restoreID, record.encoded())
    }

    func end(_ record: RestoreRecord, with message: AgentMessage) async throws {
        let key = Self.restore + record.restore.restoreID
        let frame = try StateOutbox.bytes(message, id: key)
        try await state.apply([
            .put(.queue, key: key, record.encoded()), .send(frame, StateOutbox.priority(of: message)),
        ])
    }

    func forget(restoreIDs: [String]) async throws {
        try await state.apply(restoreIDs.map { .delete(.queue, key: Self.restore + $0) })
    }
}
