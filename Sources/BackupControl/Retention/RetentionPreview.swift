package import FoundationEssentials

/// What retention would do to a target now, by the same rules that do it.
package struct RetentionPreview: Sendable {
    private let store: any RetentionStore
    private let brake: RetentionBrake

    package init(store: any RetentionStore, brake: RetentionBrake = RetentionBrake()) {
        self.store = store
        self.brake = brake
    }

    /// - Returns: what would stay and go, whether that is too much at once, so that nothing would be marked, and until when a person has
    ///   let it go on all the same.
    package func preview(
        of target: TargetRecord.ID, at time: Date
    ) async throws -> (plan: RetentionPlan, isBraked: Bool, approvedUntil: Date?) {
        let history = try await store.retentionHistory(of: target, at: time)
        return (
            RetentionPlanner(policies: history.policies, now: time).plan(history.backups),
            RetentionStep(history, brake: brake, now: time).brake != nil,
            history.approvedUntil.flatMap { $0 > time ? $0 : nil }
        )
    }

    /// Lets a target's retention go on past the brake, for as long as removals are counted.
    /// - Returns: until when.
    /// - Throws: ``ControlError/precondition(_:)`` where nothing holds it.
    package func approve(_ target: TargetRecord.ID, at time: Date) async throws -> Date {
        guard try await preview(of: target, at: time).isBraked else {
            throw ControlError.precondition("nothing holds the target's retention")
        }
        let until = time.addingTimeInterval(brake.span.inSeconds)
        if try await store.approveRetention(of: target, until: until) { return until }
        // Nobody has looked since there was too much: what the next look would find is found now.
        let brake = brake
        _ = try await store.applyRetention(to: target, at: time) { RetentionStep($0, brake: brake, now: time) }
        guard try await store.approveRetention(of: target, until: until) else {
            throw ControlError.precondition("nothing holds the target's retention any more")
        }
        return until
    }
}
