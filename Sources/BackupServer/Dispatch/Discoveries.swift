internal import BackupControl
internal import BackupWire
internal import FoundationEssentials

/// What agents find on their hosts, as JSON for who shows it.
struct Discoveries: Sendable {
    private static let largestCount = 1000
    private static let longestText = 300

    private struct Container: Encodable {
        let id: String
        let name: String
        let image: String
        let engine: String
        let networks: [String]
        let environment: [String]
        let ports: [Port]
    }

    private struct Port: Encodable {
        let container: UInt32
        let host: UInt32
        let `protocol`: String
    }

    let stores: DispatchStores

    /// - Parameter containers: 1,000 at most are kept.
    func took(_ containers: [DiscoveredContainer], from agent: AgentRecord.ID) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(containers.prefix(Self.largestCount).map(Self.container))
        try await stores.agents.setDiscovered(agent, json: String(decoding: json, as: UTF8.self))
    }

    private static func container(_ found: DiscoveredContainer) -> Container {
        Container(
            id: short(found.id), name: short(found.name), image: short(found.image), engine: short(found.databaseType),
            networks: found.networks.prefix(32).map(short), environment: found.environmentNames.prefix(100).map(short),
            ports: found.ports.prefix(32).map {
                Port(container: $0.container, host: $0.host, protocol: short($0.protocol))
            })
    }

    private static func short(_ text: String) -> String { String(text.prefix(longestText)) }
}
