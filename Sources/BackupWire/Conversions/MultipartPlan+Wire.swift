internal import SwiftProtobuf

extension MultipartPlan {
    init(wire: Backup_V1_MultipartPlan) {
        self.init()
        minPartBytes = wire.minPartBytes
        maxPartBytes = wire.maxPartBytes
        maxParts = wire.maxParts
        parts = wire.parts.map { PartURL(wire: $0) }
    }

    var wire: Backup_V1_MultipartPlan {
        .with {
            $0.minPartBytes = minPartBytes
            $0.maxPartBytes = maxPartBytes
            $0.maxParts = maxParts
            $0.parts = parts.map(\.wire)
        }
    }
}
