internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// What agents find on their hosts, as JSON for who shows it.
struct Discoveries: Sendable {
    private static let largestCount = 1000

    let agents: any AgentStore

    /// - Parameter containers: 1,000 at most are kept.
    func took(_ containers: [DiscoveredContainer], from agent: AgentRecord.ID) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(containers.prefix(Self.largestCount).map(StoredDiscovery.init))
        try await agents.setDiscovered(agent, json: String(decoding: json, as: UTF8.self))
    }

    /// The container of that id or name, as it was last found.
    func container(_ name: String, of agent: AgentRecord.ID) async throws -> StoredDiscovery? {
        guard let json = try await agents.discovered(agent) else { return nil }
        let all = try JSONDecoder().decode([StoredDiscovery].self, from: Data(json.utf8))
        return all.first { $0.id == name } ?? all.first { $0.name == name }
    }
}
