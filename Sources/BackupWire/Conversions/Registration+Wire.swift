internal import SwiftProtobuf

extension Registration {
    init(wire: Backup_V1_Register) {
        self.init()
        agentVersion = wire.agentVersion
        hostname = wire.hostname
        os = wire.os
        architecture = wire.arch
        dockerVersion = wire.dockerVersion
        capabilities = Set(wire: wire.capabilities)
        lastKnownConfigVersion = wire.lastKnownConfigVersion
    }

    var wire: Backup_V1_Register {
        .with {
            $0.agentVersion = agentVersion
            $0.hostname = hostname
            $0.os = os
            $0.arch = architecture
            $0.dockerVersion = dockerVersion
            $0.capabilities = capabilities.wire
            $0.lastKnownConfigVersion = lastKnownConfigVersion
        }
    }
}

extension Set<Capability> {
    init(wire: [String]) { self.init(wire.map { Capability(rawValue: $0) }) }

    /// Sorted, so that the same set is the same bytes.
    var wire: [String] { map(\.rawValue).sorted() }
}
