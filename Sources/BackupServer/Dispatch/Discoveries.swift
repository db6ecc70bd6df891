internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// What agents find on their hosts, for who shows it.
struct Discoveries: Sendable {
    private static let largestCount = 1000

    let agents: any AgentStore

    /// - Parameter containers: 1,000 at most are kept.
    func took(_ containers: [DiscoveredContainer], from agent: AgentRecord.ID) async throws {
        try await agents.setDiscovered(agent, containers.prefix(Self.largestCount).map(FoundContainer.init))
    }

    /// The databases of the container of that id or name, as it was last found.
    func databases(in name: String, of agent: AgentRecord.ID) async throws -> [FoundDatabase] {
        guard let json = try await agents.discovered(agent) else { return [] }
        let all = FoundDatabase.all(in: try JSONDecoder().decode([FoundContainer].self, from: Data(json.utf8)))
        let sameID = all.filter { $0.container.id == name }
        return sameID.isEmpty ? all.filter { $0.container.name == name } : sameID
    }
}
