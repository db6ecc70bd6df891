package import FoundationEssentials

/// What retention would do to a target now, by the same rules that do it.
package struct RetentionPreview: Sendable {
    private let store: any RetentionStore
    private let brake: RetentionBrake

    package init(store: any RetentionStore, brake: RetentionBrake = RetentionBrake()) {
        self.store = store
        self.brake = brake
    }

    /// - Returns: what would stay and go, and whether that is too much at once, so that nothing would be marked.
    package func preview(
        of target: TargetRecord.ID, at time: Date
    ) async throws -> (plan: RetentionPlan, isBraked: Bool) {
        let history = try await store.retentionHistory(of: target, at: time)
        return (
            RetentionPlanner(policies: history.policies, now: time).plan(history.backups),
            RetentionStep(history, brake: brake, now: time).brake != nil
        )
    }
}
