internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// What retention would do to a target, and letting it go on where it was stopped.
package struct RetentionRoutes: Sendable {
    let plans: any PlanStore
    let retention: any RetentionStore

    package init(plans: any PlanStore, retention: any RetentionStore) {
        self.plans = plans
        self.retention = retention
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/targets/{id}/retention-preview", "previewRetention",
                "Which backups of a target would go and why, and which stay.", tag: "retention", may: .role(.viewer),
                answers: [.ok(RetentionPreviewDocument.self)]
            ) { call in
                let target = try await target(call)
                let (plan, isHeld, approvedUntil) = try await RetentionPreview(store: retention)
                    .preview(of: target, at: call.now)
                return try .json(
                    RetentionPreviewDocument(plan, of: target, isHeld: isHeld, approvedUntil: approvedUntil))
            },
            Endpoint(
                .post, "/v1/targets/{id}/retention-approval", "approveRetention",
                "Let retention take away what it was stopped from, for a day.", tag: "retention", may: .role(.admin),
                answers: [.ok(RetentionApprovalDocument.self), .precondition]
            ) { call in
                let target = try await target(call)
                let until = try await RetentionPreview(store: retention).approve(target, at: call.now)
                return try .json(RetentionApprovalDocument(targetID: target.string, approvedUntil: until))
            },
        ]
    }

    private func target(_ call: APICall) async throws -> TargetRecord.ID {
        let id = try call.id(TargetRecord.self)
        guard try await plans.target(id) != nil else { throw APIError.notFound("target \(id)") }
        return id
    }
}

extension RetentionPreviewDocument {
    fileprivate init(_ plan: RetentionPlan, of target: TargetRecord.ID, isHeld: Bool, approvedUntil: Date?) {
        self.init(
            targetID: target.string, isHeld: isHeld, approvedUntil: approvedUntil, keepCount: plan.keep.count,
            removeCount: plan.remove.count,
            keep: plan.keep.prefix(Self.mostBackups).map { kept in
                Kept(
                    runID: kept.backup.id.string, jobID: kept.backup.jobID.string, at: kept.backup.at,
                    sizeBytes: Int(clamping: kept.backup.sizeBytes), reasons: kept.reasons.map(\.word))
            },
            remove: plan.remove.prefix(Self.mostBackups).map { removed in
                Removed(
                    runID: removed.backup.id.string, jobID: removed.backup.jobID.string, at: removed.backup.at,
                    sizeBytes: Int(clamping: removed.backup.sizeBytes), why: removed.why,
                    markedAt: removed.backup.markedAt,
                    goesAt: removed.backup.markedAt?.addingTimeInterval(RetentionStep.grace.inSeconds))
            })
    }
}
