internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// What agents have found, with whether something protects it.
struct DiscoveryReader: Sendable {
    /// Of agents that have found something: whoever has more looks for words, or at an agent.
    private static let mostAgents = 200
    /// Of them in all.
    private static let mostTargets = 5000
    private static let mostRows = 2000

    let stores: PageStores

    /// - Parameter text: narrows it to agents where it occurs; the page looks for it in each row.
    func rows(_ text: String = "", of agent: AgentRecord.ID? = nil) async throws -> [DiscoveredRow] {
        let found = try await stores.lists.listDiscoveries(text, of: agent, limit: Self.mostAgents)
        guard !found.isEmpty else { return [] }
        let targets = Dictionary(
            grouping: try await stores.lists.listTargets(of: found.map(\.agentID), limit: Self.mostTargets),
            by: \.target.agentID)
        var rows: [DiscoveredRow] = []
        for discovery in found where rows.count < Self.mostRows {
            let containers = try JSONDecoder().decode([StoredDiscovery].self, from: Data(discovery.json.utf8))
            rows += containers.map { row($0, of: discovery, targets[discovery.agentID] ?? []) }
        }
        // What needs somebody comes first.
        return rows.filter { $0.jobID == nil } + rows.filter { $0.jobID != nil }
    }

    private func row(
        _ container: StoredDiscovery, of discovery: ListedDiscovery, _ targets: [ListedTarget]
    ) -> DiscoveredRow {
        let same = targets.filter { listed in
            (container.suggestions ?? []).contains { $0.isSame(as: listed.target, in: container) }
                || [container.id, container.name].contains(listed.target.containerID)
        }
        return DiscoveredRow(
            id: container.id, agentID: discovery.agentID.string, agentName: discovery.agentName, name: container.name,
            engine: container.engine, image: container.image, networks: container.networks,
            ports: container.ports.map { port in
                (port.host == 0 ? "" : "\(port.host) → ") + "\(port.container)/\(port.protocol)"
            }, jobID: same.compactMap(\.jobID).first?.string)
    }
}
