internal import BackupCore
internal import SwiftProtobuf

extension RegisterAck {
    init(wire: Backup_V1_RegisterAck, notes: inout WireNotes) {
        self.init()
        sessionID = wire.sessionID
        configuration = wire.hasConfig ? AgentConfiguration(wire: wire.config, notes: &notes) : nil
        heartbeatIntervalSeconds = wire.heartbeatIntervalSec
        serverTime = wire.serverTimeIso
        capabilities = Set(wire: wire.capabilities)
    }

    var wire: Backup_V1_RegisterAck {
        .with {
            $0.sessionID = sessionID
            if let configuration { $0.config = configuration.wire }
            $0.heartbeatIntervalSec = heartbeatIntervalSeconds
            $0.serverTimeIso = serverTime
            $0.capabilities = capabilities.wire
        }
    }
}
