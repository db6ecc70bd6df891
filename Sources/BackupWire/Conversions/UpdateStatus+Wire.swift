internal import SwiftProtobuf

extension UpdateStatus {
    init(wire: Backup_V1_UpdateStatus) {
        self.init(targetVersion: wire.targetVersion, phase: wire.phase, error: wire.error)
    }

    var wire: Backup_V1_UpdateStatus {
        .with {
            $0.targetVersion = targetVersion
            $0.phase = phase
            $0.error = error
        }
    }
}
