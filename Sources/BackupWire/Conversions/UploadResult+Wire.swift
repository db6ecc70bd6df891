internal import BackupCore
internal import SwiftProtobuf

extension UploadResult {
    init(wire: Backup_V1_UploadResult) {
        self.init(
            runID: wire.runID, isOK: wire.ok, error: wire.error, sizeBytes: wire.sizeBytes,
            download: wire.hasDownload ? DownloadURL(wire: wire.download) : nil)
    }

    var wire: Backup_V1_UploadResult {
        .with {
            $0.runID = runID
            $0.ok = isOK
            $0.error = error
            $0.sizeBytes = sizeBytes
            if let download { $0.download = download.wire }
        }
    }
}

extension DownloadURL {
    init(wire: Backup_V1_S3DownloadCreds) {
        self.init(
            url: Secret(wire.presignedGetURL), expiresAtMilliseconds: wire.expiresAtMs, objectKey: wire.s3Key)
    }

    var wire: Backup_V1_S3DownloadCreds {
        .with {
            $0.presignedGetURL = url.revealed
            $0.expiresAtMs = expiresAtMilliseconds
            $0.s3Key = objectKey
        }
    }
}
