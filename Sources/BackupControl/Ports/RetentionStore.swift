package import BackupCore
package import FoundationEssentials

/// The backups of targets, and what becomes of them. See ``RetentionPlanner`` and ``RetentionStep`` for what decides.
///
/// A backup goes in this order: it is marked; a grace period later it is no longer one (``beginDeletion(of:at:ripe:)``); its manifest goes,
/// so that no list of the bucket has it; its bytes go; then that is noted. Whatever stops this half-way, nothing is listed whose bytes
/// are gone, and the rest is done later.
package protocol RetentionStore: Sendable {
    /// Of which there are proven backups, in the order of their ids.
    func targetsWithBackups(after: TargetRecord.ID?, limit: Int) async throws -> [TargetRecord.ID]
    /// Memory: some hundred bytes for each of the target's backups.
    func retentionHistory(of target: TargetRecord.ID, at time: Date) async throws -> RetentionHistory
    /// Decides and marks in one write. A brake is kept and told of.
    func applyRetention(
        to target: TargetRecord.ID, at time: Date, decide: @escaping @Sendable (RetentionHistory) -> RetentionStep
    ) async throws -> RetentionStep
    /// Those of the target's marked backups that `ripe` names are no backups from now on. One that is being restored waits.
    func beginDeletion(
        of target: TargetRecord.ID, at time: Date, ripe: @escaping @Sendable (RetentionHistory) -> [BackupID]
    ) async throws -> [BackupID]
    /// What is no longer a backup, still has bytes somewhere, and was not tried since `triedBefore`, the longest waiting first. They are
    /// noted as tried, so that nobody else has them, and those that fail don't stand before all others.
    func claimPurges(at time: Date, triedBefore: Date, limit: Int) async throws -> [RunRecord]
    func setPurged(_ id: BackupID, at time: Date) async throws
    /// The store refused before anything was taken away, because of a lock: it is a backup again, and still marked.
    /// - Parameter again: before that it is not tried again.
    func cancelDeletion(_ id: BackupID, again: Date) async throws

    func brakedRetentions() async throws -> [BrakedRetention]
    /// A person has looked at it: until then nothing stops the target's retention.
    /// - Returns: false where it is not stopped.
    func approveRetention(of target: TargetRecord.ID, until: Date) async throws -> Bool
}

/// Takes the bytes of a backup out of its store. Both are idempotent: what is not there is gone.
package protocol BackupDeleter: Sendable {
    /// - Throws: ``BackupLocked`` when the store refuses, and nothing has changed.
    func removeManifest(of run: RunRecord) async throws
    /// - Throws: ``BackupLocked`` as above.
    func removeObject(of run: RunRecord) async throws
    /// Whether both are there.
    func isWhole(_ run: RunRecord) async throws -> Bool
}

/// The store keeps the object until its lock ends.
package struct BackupLocked: Error, Equatable {
    /// nil where the store doesn't say.
    package let until: Date?

    package init(until: Date? = nil) { self.until = until }
}
