internal import BackupCore
internal import SwiftProtobuf

extension PartURLsRequest {
    init(wire: Backup_V1_PartUrlsRequest) {
        self.init(runID: wire.runID, firstNumber: wire.firstNumber, count: wire.count)
    }

    var wire: Backup_V1_PartUrlsRequest {
        .with {
            $0.runID = runID
            $0.firstNumber = firstNumber
            $0.count = count
        }
    }
}

extension PartURLs {
    init(wire: Backup_V1_PartUrls) {
        self.init(runID: wire.runID, parts: wire.parts.map { PartURL(wire: $0) }, error: wire.error)
    }

    var wire: Backup_V1_PartUrls {
        .with {
            $0.runID = runID
            $0.parts = parts.map(\.wire)
            $0.error = error
        }
    }
}

extension PartURL {
    init(wire: Backup_V1_PartUrl) {
        self.init(
            number: wire.number, url: Secret(wire.presignedPutURL), expiresAtMilliseconds: wire.expiresAtMs)
    }

    var wire: Backup_V1_PartUrl {
        .with {
            $0.number = number
            $0.presignedPutURL = url.revealed
            $0.expiresAtMs = expiresAtMilliseconds
        }
    }
}
