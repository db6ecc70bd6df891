internal import BackupCore
internal import FoundationEssentials
internal import SwiftProtobuf

extension RunBackup {
    init(wire: Backup_V1_RunBackup, notes: inout WireNotes) {
        self.init()
        jobID = wire.jobID
        runID = wire.runID
        isManual = wire.manualTrigger
        upload = UploadCredentials(wire: wire.uploadCreds)
        key = SecretBytes([UInt8](wire.encryptedDek))
        recipients = wire.recipients
        formatVersion = wire.formatVersion
        wrappedKey = [UInt8](wire.wrappedDek)
        keyID = wire.dekKmsID
        multipart = wire.hasMultipart ? MultipartPlan(wire: wire.multipart) : nil
        // A check that is not known here is asked for by a newer server: the strictest one that is.
        validation = Validation(wire: wire.validation, unknown: .full, notes: &notes)
        takesFingerprint = wire.fingerprint
    }

    var wire: Backup_V1_RunBackup {
        .with {
            $0.jobID = jobID
            $0.runID = runID
            $0.manualTrigger = isManual
            $0.uploadCreds = upload.wire
            $0.encryptedDek = Data(key.revealed)
            $0.recipients = recipients
            $0.formatVersion = formatVersion
            $0.wrappedDek = Data(wrappedKey)
            $0.dekKmsID = keyID
            if let multipart { $0.multipart = multipart.wire }
            $0.validation = validation.wire
            $0.fingerprint = takesFingerprint
        }
    }
}

extension UploadCredentials {
    init(wire: Backup_V1_S3UploadCreds) {
        self.init()
        url = Secret(wire.presignedPutURL)
        expiresAtMilliseconds = wire.expiresAtMs
        objectKey = wire.finalS3Key
        headers = wire.headers
    }

    var wire: Backup_V1_S3UploadCreds {
        .with {
            $0.presignedPutURL = url.revealed
            $0.expiresAtMs = expiresAtMilliseconds
            $0.finalS3Key = objectKey
            $0.headers = headers
        }
    }
}
