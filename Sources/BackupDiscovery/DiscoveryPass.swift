package import BackupCore

/// One look at all containers. Memory: as many facts as there are containers.
package struct DiscoveryPass: Sendable {
    private let engine: any ContainerEngine
    private let looks: CloserLooks?

    /// - Parameter looks: at what the engine's list says nothing of; nil for none.
    package init(_ engine: any ContainerEngine, looks: CloserLooks? = nil) {
        self.engine = engine
        self.looks = looks
    }

    /// The databases, by name.
    package func run() async throws -> [DiscoveredDatabase] {
        let containers = try await engine.containers()
        await looks?.look(at: containers)
        return await databases(in: containers)
    }

    /// The databases among `containers`, with what closer looks have found so far.
    func databases(in containers: [ContainerFacts]) async -> [DiscoveredDatabase] {
        var found: [DiscoveredDatabase] = []
        for container in containers {
            let verdict = DiscoveryRules.verdict(on: container)
            if let database = await looks?.database(in: container, verdict) ?? Self.database(verdict) {
                found.append(database)
            }
        }
        return found.sorted { ($0.container.name, $0.container.id) < ($1.container.name, $1.container.id) }
    }

    private static func database(_ verdict: DiscoveryRules.Verdict) -> DiscoveredDatabase? {
        if case .database(let database) = verdict { database } else { nil }
    }
}
