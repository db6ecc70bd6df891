package import BackupCore
package import FoundationEssentials

/// What one look at a target's backups changes: marks, and marks taken back. Nothing is removed here: that comes a grace period later.
package struct RetentionStep: Sendable, Equatable {
    /// Between a mark and the removal.
    package static let grace = Duration.seconds(86_400)

    package var mark: [RetentionPlan.Removed] = []
    package var unmark: [BackupID] = []
    /// Too much was to go: nothing is marked.
    package var brake: BrakedRetention?

    package init(_ history: RetentionHistory, brake: RetentionBrake, now: Date) {
        let plan = RetentionPlanner(policies: history.policies, now: now).plan(history.backups)
        // A person's marks are theirs to take back.
        unmark = plan.keep.map(\.backup).filter { $0.markedAt != nil && !$0.isAskedFor }.map(\.id)
        let wanted = plan.remove.filter { $0.backup.markedAt == nil }
        let recently = now.addingTimeInterval(-brake.span.inSeconds)
        // Those that this same step takes back don't count.
        let marked = plan.remove.filter { ($0.backup.markedAt ?? .distantPast) > recently && !$0.backup.isAskedFor }
        let before = marked.count + history.removedRecently
        let isApproved = history.approvedUntil.map { $0 > now } ?? false
        let total = history.backups.count + history.removedRecently
        if isApproved || brake.allows(new: wanted.count, marked: before, total: total) {
            mark = wanted
        } else {
            self.brake = BrakedRetention(
                targetID: history.targetID, at: now, wanted: wanted.count + before, total: total)
        }
    }

    /// The marked ones whose grace period is over, and that still shall go.
    package static func ripe(_ history: RetentionHistory, grace: Duration, now: Date) -> [BackupID] {
        let latest = now.addingTimeInterval(-grace.inSeconds)
        return RetentionPlanner(policies: history.policies, now: now).plan(history.backups).remove.map(\.backup)
            .filter { $0.markedAt.map { $0 <= latest } ?? false }.map(\.id)
    }
}

/// All that a target's retention is decided from, as of one moment.
package struct RetentionHistory: Sendable, Equatable {
    package let targetID: TargetRecord.ID
    package var backups: [ProvenBackup]
    package var policies: [JobRecord.ID: RetentionPolicy]
    /// How many the policy had marked within the last day and that are gone already.
    package var removedRecently: Int
    package var approvedUntil: Date?

    package init(
        targetID: TargetRecord.ID, backups: [ProvenBackup], policies: [JobRecord.ID: RetentionPolicy],
        removedRecently: Int = 0, approvedUntil: Date? = nil
    ) {
        self.targetID = targetID
        self.backups = backups
        self.policies = policies
        self.removedRecently = removedRecently
        self.approvedUntil = approvedUntil
    }
}
