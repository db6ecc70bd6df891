internal import BackupCore
package import BackupDiscovery
package import BackupWire

extension DiscoveredContainer {
    /// As the server is told of it: names of variables, and no value of any.
    package init(_ found: DiscoveredDatabase) {
        self.init()
        let container = found.container
        id = container.id
        name = container.name
        image = container.image
        databaseType = found.engine.rawValue
        networks = container.networks
        environmentNames = container.environmentNames
        let published = container.publishedPorts.map { port in
            Port(
                container: UInt32(clamping: port.container), host: UInt32(clamping: port.host), protocol: port.protocol)
        }
        let others = container.exposedPorts.filter { exposed in
            !container.publishedPorts.contains { $0.container == exposed.number && $0.protocol == exposed.protocol }
        }
        ports = published + others.map { Port(container: UInt32(clamping: $0.number), host: 0, protocol: $0.protocol) }
    }
}
