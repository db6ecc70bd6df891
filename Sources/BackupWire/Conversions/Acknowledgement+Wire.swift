internal import SwiftProtobuf

extension Acknowledgement {
    init(wire: Backup_V1_Ack) {
        self.init(correlationID: wire.correlationID, isAccepted: wire.accepted, reason: wire.reason)
    }

    var wire: Backup_V1_Ack {
        .with {
            $0.correlationID = correlationID
            $0.accepted = isAccepted
            $0.reason = reason
        }
    }
}
