internal import BackupAPI
internal import BackupControl
internal import BackupCore
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
        let evidence: String
        let suggestedTargets: [NewTarget]
    }

    private struct Port: Encodable {
        let container: UInt32
        let host: UInt32
        let `protocol`: String
    }

    let stores: DispatchStores

    /// - Parameter containers: 1,000 at most are kept.
    func took(_ containers: [DiscoveredContainer], from agent: AgentRecord.ID) async throws {
        let json = try APICoding.encoder().encode(containers.prefix(Self.largestCount).map(Self.container))
        try await stores.agents.setDiscovered(agent, json: String(decoding: json, as: UTF8.self))
    }

    private static func container(_ found: DiscoveredContainer) -> Container {
        Container(
            id: short(found.id), name: short(found.name), image: short(found.image), engine: short(found.databaseType),
            networks: found.networks.prefix(32).map(short), environment: found.environmentNames.prefix(100).map(short),
            ports: found.ports.prefix(32).map {
                Port(container: $0.container, host: $0.host, protocol: short($0.protocol))
            }, evidence: short(found.evidence),
            suggestedTargets: found.suggestedTargets.prefix(8).compactMap { suggestion($0, of: found) })
    }

    /// As a target is made of it, so that protecting is one click. A secret in it would be no suggestion of our agent's.
    private static func suggestion(_ target: Target, of found: DiscoveredContainer) -> NewTarget? {
        guard let engine = target.engine else { return nil }
        if case .inline = target.password { return nil }
        return NewTarget(
            name: String(found.name.prefix(100)), engine: engine.rawValue, host: short(target.host), port: target.port,
            database: short(target.database), username: short(target.username),
            secretReference: short(target.password.wireText.revealed), containerID: short(target.containerID),
            strategy: target.strategy.word)
    }

    private static func short(_ text: String) -> String { String(text.prefix(longestText)) }
}
