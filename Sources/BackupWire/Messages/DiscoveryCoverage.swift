package import BackupCore

/// How many of the databases that were found have a job: "protected X of Y".
package struct DiscoveryCoverage: Sendable, Equatable {
    package let protectedCount: Int
    package let foundCount: Int
    /// Of those that no job protects, by container.
    package let unprotected: [String]

    package init(_ found: [DiscoveredContainer], targets: [Target], jobs: [Job]) {
        let planned = Set(jobs.map(\.targetID))
        let protecting = targets.filter { planned.contains($0.id) }
        unprotected = found.filter { container in !protecting.contains(where: container.isReached) }.map(\.name)
        foundCount = found.count
        protectedCount = found.count - unprotected.count
    }
}

extension DiscoveredContainer {
    /// Whether `target` leads to this database: into its container, to its name in a network, to its published port, or to its file.
    package func isReached(by target: Target) -> Bool {
        guard let engine = target.engine, Self.family(engine.rawValue) == Self.family(databaseType) else {
            return false
        }
        if engine == .sqlite { return suggestedTargets.contains { $0.database == target.database } }
        if !target.containerID.isEmpty { return isCalled(target.containerID) }
        if target.host == name { return true }
        let isLocal = ["localhost", "127.0.0.1", "::1"].contains(target.host)
        let suggested = suggestedTargets.map(\.port)
        return ports.contains {
            $0.host != 0 && Int($0.host) == target.port && (isLocal || suggested.contains(target.port))
        }
    }

    /// By name, or by an id of at least the length that Docker shows.
    private func isCalled(_ text: String) -> Bool { text == name || text.utf8.count >= 12 && id.hasPrefix(text) }

    /// MariaDB's images may be taken for MySQL's, and the other way round.
    private static func family(_ engine: String) -> String { engine == "mariadb" ? "mysql" : engine }
}
