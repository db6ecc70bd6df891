internal import SwiftProtobuf

extension CompleteUpload {
    init(wire: Backup_V1_CompleteUpload) {
        let parts = wire.parts.map { UploadedPart(number: $0.number, etag: $0.etag, sizeBytes: $0.sizeBytes) }
        self.init(runID: wire.runID, parts: parts, sizeBytes: wire.sizeBytes)
    }

    var wire: Backup_V1_CompleteUpload {
        .with {
            $0.runID = runID
            $0.parts = parts.map(\.wire)
            $0.sizeBytes = sizeBytes
        }
    }
}

extension UploadedPart {
    var wire: Backup_V1_UploadedPart {
        .with {
            $0.number = number
            $0.etag = etag
            $0.sizeBytes = sizeBytes
        }
    }
}
