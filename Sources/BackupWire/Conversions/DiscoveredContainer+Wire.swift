internal import BackupCore
internal import SwiftProtobuf

extension DiscoveredContainer {
    init(wire: Backup_V1_DiscoveredContainer, notes: inout WireNotes) {
        self.init()
        id = wire.containerID
        name = wire.name
        image = wire.image
        databaseType = wire.detectedDbType
        networks = wire.networks
        environmentNames = wire.envHints.keys.sorted()
        ports = wire.ports.map { Port(container: $0.containerPort, host: $0.hostPort, protocol: $0.protocol) }
        evidence = wire.evidence
        suggestedTargets = wire.suggestedTargets.map { Target(wire: $0, notes: &notes) }
    }

    var wire: Backup_V1_DiscoveredContainer {
        .with {
            $0.containerID = id
            $0.name = name
            $0.image = image
            $0.detectedDbType = databaseType
            $0.networks = networks
            // No value leaves the host; each is the word "set".
            $0.envHints = Dictionary(environmentNames.map { ($0, "set") }, uniquingKeysWith: { first, _ in first })
            $0.ports = ports.map(\.wire)
            $0.evidence = evidence
            $0.suggestedTargets = suggestedTargets.map(\.wire)
        }
    }
}

extension DiscoveredContainer.Port {
    var wire: Backup_V1_PortBinding {
        .with {
            $0.containerPort = container
            $0.hostPort = host
            $0.protocol = `protocol`
        }
    }
}
