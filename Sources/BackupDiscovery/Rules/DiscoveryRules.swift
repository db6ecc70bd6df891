package import BackupCore

/// What a container holds, by what its engine says of it.
package enum DiscoveryRules {
    package enum Verdict: Sendable, Equatable {
        case database(DiscoveredDatabase)
        /// Its owner doesn't want it, or it only belongs to a database: nobody looks closer.
        case excluded
        case unknown
    }

    /// Labels first, then the image, then the ports. What belongs to a database and is none is not asked for its ports: a
    /// pooler listens on 5432 too.
    package static func verdict(on container: ContainerFacts) -> Verdict {
        let labels = ContainerLabels(container.labels)
        if labels.isEnabled == false { return .excluded }
        func found(_ engine: DatabaseEngine, by evidence: DiscoveredDatabase.Evidence) -> Verdict {
            .database(
                DiscoveredDatabase(
                    container: container, engine: engine, evidence: evidence, database: labels.database))
        }
        if let engine = labels.engine { return found(engine, by: .label) }
        let verdict = ImageRules.verdict(on: container.image)
        if case .database(let engine) = verdict { return found(engine, by: .image) }
        if verdict == .companion, labels.isEnabled != true { return .excluded }
        return PortRules.engine(of: container.exposedPorts).map { found($0, by: .port) } ?? .unknown
    }
}
