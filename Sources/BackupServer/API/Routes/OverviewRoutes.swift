internal import BackupAPI
package import BackupControl
internal import Hummingbird

/// The first page of a dashboard.
package struct OverviewRoutes: Sendable {
    let store: any OverviewStore

    package init(store: any OverviewStore) { self.store = store }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/overview", "getOverview", "Whether everything is protected, and what is late.",
                tag: "overview", may: .role(.viewer), answers: [.ok(OverviewDocument.self)]
            ) { try .json(OverviewDocument(try await store.overview(at: $0.now))) }
        ]
    }
}

extension OverviewDocument {
    fileprivate init(_ overview: Overview) {
        self.init(
            targets: overview.targets, protectedTargets: overview.protectedTargets,
            databases: overview.databases, agents: overview.agents, connectedAgents: overview.connectedAgents,
            lateJobs: overview.lateJobs,
            late: overview.late.map {
                LateJob(
                    jobID: $0.jobID.string, name: $0.name, agentID: $0.agentID.string, targetID: $0.targetID.string,
                    expectedBy: $0.expectedBy)
            },
            lastDay: Day(
                succeeded: overview.runs.succeeded, failed: overview.runs.failed, cancelled: overview.runs.cancelled,
                storedBytes: Int(clamping: overview.runs.storedBytes)),
            liveRuns: overview.runs.live, checks: overview.checks, checksDown: overview.checksDown,
            heldTargets: overview.heldTargets, openIncidents: overview.openIncidents)
    }
}
