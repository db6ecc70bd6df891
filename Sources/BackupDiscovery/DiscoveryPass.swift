package import BackupCore

/// One look at all containers. Memory: as many facts as there are containers.
package struct DiscoveryPass: Sendable {
    private let engine: any ContainerEngine

    package init(_ engine: any ContainerEngine) { self.engine = engine }

    /// The databases, by name.
    package func run() async throws -> [DiscoveredDatabase] {
        try await engine.containers().compactMap(Self.database).sorted {
            ($0.container.name, $0.container.id) < ($1.container.name, $1.container.id)
        }
    }

    /// Labels first, then the image, then the ports. What belongs to a database and is none is not asked for its ports: a
    /// pooler listens on 5432 too.
    static func database(in container: ContainerFacts) -> DiscoveredDatabase? {
        let labels = ContainerLabels(container.labels)
        if labels.isEnabled == false { return nil }
        func found(_ engine: DatabaseEngine, by evidence: DiscoveredDatabase.Evidence) -> DiscoveredDatabase {
            DiscoveredDatabase(container: container, engine: engine, evidence: evidence, database: labels.database)
        }
        if let engine = labels.engine { return found(engine, by: .label) }
        let verdict = ImageRules.verdict(on: container.image)
        if case .database(let engine) = verdict { return found(engine, by: .image) }
        if verdict == .companion, labels.isEnabled != true { return nil }
        return PortRules.engine(of: container.exposedPorts).map { found($0, by: .port) }
    }
}
