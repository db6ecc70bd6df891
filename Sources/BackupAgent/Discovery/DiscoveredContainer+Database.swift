internal import BackupCore
package import BackupDiscovery
package import BackupWire

extension DiscoveredContainer {
    /// Of one container, so that a report fits into a frame.
    private static let largestNames = 64

    /// As the server is told of it: names of variables, and no value of any.
    package init(_ found: DiscoveredDatabase) {
        self.init()
        let container = found.container
        id = container.id
        name = container.name
        image = container.image
        databaseType = found.engine.rawValue
        networks = container.networks
        environmentNames = Array(container.environmentNames.prefix(Self.largestNames))
        let published = container.publishedPorts.map { port in
            Port(
                container: UInt32(clamping: port.container), host: UInt32(clamping: port.host), protocol: port.protocol)
        }
        let others = container.exposedPorts.filter { exposed in
            !container.publishedPorts.contains { $0.container == exposed.number && $0.protocol == exposed.protocol }
        }
        ports = published + others.map { Port(container: UInt32(clamping: $0.number), host: 0, protocol: $0.protocol) }
        evidence = found.evidence.rawValue
        suggestedTargets = TargetSuggestion.targets(for: found)
    }
}
