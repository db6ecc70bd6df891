internal import FoundationEssentials
internal import SwiftProtobuf

extension SelfUpdate {
    init(wire: Backup_V1_SelfUpdate) {
        self.init()
        targetVersion = wire.targetVersion
        binaryURL = wire.binaryURL
        sha256 = wire.sha256
        signature = [UInt8](wire.cosignSignature)
        isForced = wire.force
    }

    var wire: Backup_V1_SelfUpdate {
        .with {
            $0.targetVersion = targetVersion
            $0.binaryURL = binaryURL
            $0.sha256 = sha256
            $0.cosignSignature = Data(signature)
            $0.force = isForced
        }
    }
}
