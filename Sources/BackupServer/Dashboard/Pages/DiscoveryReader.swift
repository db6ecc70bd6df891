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
            // What another version has written, and this one can't read, hides nothing of the others.
            let containers = try? JSONDecoder().decode([FoundContainer].self, from: Data(discovery.json.utf8))
            let known = (targets[discovery.agentID] ?? []).map { Known($0) }
            rows += FoundDatabase.all(in: containers ?? []).map { database in
                row(database, of: discovery, known.filter { !$0.places.isDisjoint(with: database.places) })
            }
        }
        // What needs somebody comes first.
        return rows.filter { $0.jobID == nil } + rows.filter { $0.jobID != nil }
    }

    private func row(
        _ database: FoundDatabase, of discovery: ListedDiscovery, _ same: [Known]
    ) -> DiscoveredRow {
        let container = database.container
        return DiscoveredRow(
            id: container.id, suggestion: database.suggestion, agentID: discovery.agentID.string,
            agentName: discovery.agentName, name: database.name, engine: container.engine, image: container.image,
            networks: container.networks,
            ports: container.ports.map { port in
                (port.host == 0 ? "" : "\(port.host) → ") + "\(port.container)/\(port.protocol)"
            }, jobID: same.compactMap(\.jobID).first?.string, targetID: same.first?.targetID.string)
    }

    /// A target, with the places at which it is: worked out once.
    private struct Known {
        let targetID: TargetRecord.ID
        let jobID: JobRecord.ID?
        let places: Set<DatabasePlace>

        init(_ listed: ListedTarget) {
            targetID = listed.target.id
            jobID = listed.jobID
            places = listed.target.places
        }
    }
}
