internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

extension FoundContainer {
    fileprivate static let longestText = 300

    /// As an agent tells it, with nothing longer than the table should have.
    init(_ found: DiscoveredContainer) {
        self.init(
            id: Self.short(found.id), name: Self.short(found.name), engine: Self.short(found.databaseType))
        image = Self.short(found.image)
        networks = found.networks.prefix(32).map(Self.short)
        environment = found.environmentNames.prefix(100).map(Self.short)
        ports = found.ports.prefix(32).map {
            Port(container: $0.container, host: $0.host, protocol: Self.short($0.protocol))
        }
        evidence = Self.short(found.evidence)
        suggestions = found.suggestedTargets.prefix(32).compactMap { SuggestedTarget($0, of: found) }
    }

    fileprivate static func short(_ text: String) -> String { text.prefix(bytes: longestText) }
}

extension SuggestedTarget {
    /// nil for an engine that this server doesn't know, and with a password in it: no agent should have sent it, and viewers see this.
    fileprivate init?(_ target: Target, of container: DiscoveredContainer) {
        guard let engine = target.engine else { return nil }
        if case .inline = target.password { return nil }
        let name = target.displayName.isEmpty ? container.name : target.displayName
        self.init(name: name.prefix(bytes: 100), engine: engine.rawValue)
        host = FoundContainer.short(target.host)
        port = target.port
        database = target.database.prefix(bytes: 1000)
        username = FoundContainer.short(target.username)
        secretReference = FoundContainer.short(target.password.wireText.revealed)
        containerID = FoundContainer.short(target.containerID)
        strategy = target.strategy.word
    }

    /// - Returns: nil for what can't be a target.
    func target(id: TargetRecord.ID, of agent: AgentRecord.ID, name: String?, at time: Date) -> TargetRecord? {
        guard let engine = DatabaseEngine(rawValue: engine), let strategy = Target.Strategy(word: strategy) else {
            return nil
        }
        return TargetRecord(
            id: id, agentID: agent, name: name ?? self.name.prefix(bytes: 100), engine: engine, host: host,
            port: port, database: database, username: username, secretReference: secretReference,
            containerID: containerID, strategy: strategy, createdAt: time)
    }
}
