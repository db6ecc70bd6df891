internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// A container with a database, as it is stored and shown.
struct StoredDiscovery: Codable {
    struct Port: Codable {
        let container: UInt32
        let host: UInt32
        let `protocol`: String
    }

    /// A target that only needs to be accepted. References to secrets, never a secret.
    struct Suggestion: Codable {
        let name: String
        let engine: String
        let host: String
        let port: Int
        let database: String
        let username: String
        let secretReference: String
        let containerID: String
        let strategy: String

        enum CodingKeys: String, CodingKey {
            case name
            case engine
            case host
            case port
            case database
            case username
            case secretReference = "secret_reference"
            case containerID = "container_id"
            case strategy
        }
    }

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case image
        case engine
        case networks
        case environment
        case ports
        case evidence
        case suggestions = "suggested_targets"
    }

    private static let longestText = 300

    let id: String
    let name: String
    let image: String
    let engine: String
    let networks: [String]
    let environment: [String]
    let ports: [Port]
    /// What told the engine; nil as below.
    let evidence: String?
    /// The best first, each a `NewTarget` that can be posted as it is; nil in what older servers have stored.
    let suggestions: [Suggestion]?

    init(_ found: DiscoveredContainer) {
        id = Self.short(found.id)
        name = Self.short(found.name)
        image = Self.short(found.image)
        engine = Self.short(found.databaseType)
        networks = found.networks.prefix(32).map(Self.short)
        environment = found.environmentNames.prefix(100).map(Self.short)
        ports = found.ports.prefix(32).map {
            Port(container: $0.container, host: $0.host, protocol: Self.short($0.protocol))
        }
        evidence = Self.short(found.evidence)
        suggestions = found.suggestedTargets.prefix(32).compactMap { Suggestion($0, of: found) }
    }

    fileprivate static func short(_ text: String) -> String { String(text.prefix(longestText)) }
}

extension StoredDiscovery.Suggestion {
    /// nil for an engine that this server doesn't know, and with a password in it: no agent should have sent it, and viewers see this.
    init?(_ target: Target, of container: DiscoveredContainer) {
        guard let engine = target.engine else { return nil }
        if case .inline = target.password { return nil }
        let name = target.displayName.isEmpty ? container.name : target.displayName
        self.init(
            name: String(name.prefix(100)), engine: engine.rawValue,
            host: StoredDiscovery.short(target.host), port: target.port,
            database: String(target.database.prefix(1000)), username: StoredDiscovery.short(target.username),
            secretReference: StoredDiscovery.short(target.password.wireText.revealed),
            containerID: StoredDiscovery.short(target.containerID),
            strategy: target.strategy.word)
    }

    /// Whether `target` is the same database, however it is reached.
    func isSame(as target: TargetRecord, in container: StoredDiscovery) -> Bool {
        guard target.engine.rawValue == engine else { return false }
        if target.engine == .sqlite { return target.database == database }
        if !target.containerID.isEmpty, [container.id, container.name].contains(target.containerID) { return true }
        return !host.isEmpty && target.host == host && target.port == port
    }

    /// - Returns: nil for what can't be a target.
    func target(id: TargetRecord.ID, of agent: AgentRecord.ID, name: String?, at time: Date) -> TargetRecord? {
        guard let engine = DatabaseEngine(rawValue: engine), let strategy = Target.Strategy(word: strategy) else {
            return nil
        }
        return TargetRecord(
            id: id, agentID: agent, name: name ?? String(self.name.prefix(100)), engine: engine, host: host,
            port: port, database: database, username: username, secretReference: secretReference,
            containerID: containerID, strategy: strategy, createdAt: time)
    }
}
