internal import BackupCore
package import FoundationEssentials

/// A person's wish that a backup goes, and such a wish taken back. It goes as all others do: a grace period after it was marked.
package struct RetentionWish: Sendable {
    private let store: any RetentionStore
    private let runs: any RunStore

    package init(store: any RetentionStore, runs: any RunStore) {
        self.store = store
        self.runs = runs
    }

    /// - Throws: ``ControlError/precondition(_:)`` with the reason for one that stays whatever anybody says.
    package func mark(_ run: RunRecord, at time: Date) async throws {
        guard run.isProven else { throw ControlError.precondition("the run has no backup that could be removed") }
        var history = try await store.retentionHistory(of: run.targetID, at: time)
        guard history.backups.max(by: { ($0.at, $0.id) < ($1.at, $1.id) })?.id != run.id else {
            throw ControlError.precondition(
                "it is the newest proven backup of its target, and stays until there is a newer one")
        }
        for index in history.backups.indices where history.backups[index].id == run.id {
            history.backups[index].markedAt = time
            history.backups[index].markedWhy = ProvenBackup.askedFor
        }
        let plan = RetentionPlanner(policies: history.policies, now: time).plan(history.backups)
        guard !plan.keep.contains(where: { $0.backup.id == run.id }) else {
            throw ControlError.precondition(
                "it is the newest backup of its target that was read back, and stays until there is a newer one")
        }
        try await runs.markForDeletion([run.id], reason: ProvenBackup.askedFor, at: time)
    }

    /// Nothing happens where it is not marked.
    /// - Throws: ``ControlError/precondition(_:)`` when it is too late, and where a policy wants it to go.
    package func takeBack(_ run: RunRecord) async throws {
        guard run.deletedAt == nil else { throw ControlError.precondition("the backup is gone already") }
        guard run.deleteMarkedAt != nil else { return }
        guard run.deleteReason == ProvenBackup.askedFor else {
            throw ControlError.precondition("its job's retention wants it to go: change that")
        }
        try await runs.unmark([run.id])
    }
}
