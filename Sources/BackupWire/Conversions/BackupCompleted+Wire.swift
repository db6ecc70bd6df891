internal import FoundationEssentials
internal import SwiftProtobuf

extension BackupCompleted {
    init(wire: Backup_V1_BackupCompleted, notes: inout WireNotes) {
        self.init()
        jobID = wire.jobID
        runID = wire.runID
        objectKey = wire.s3Key
        sizeBytes = wire.sizeBytes
        sha256 = wire.sha256
        durationMilliseconds = wire.durationMs
        keyID = wire.dekKmsID
        encryptedKey = [UInt8](wire.encryptedDek)
        compression = wire.compression
        engineVersion = wire.dbEngineVersion
        formatVersion = wire.formatVersion
        dumpSizeBytes = wire.dumpSizeBytes
        manifest = [UInt8](wire.manifest)
        // Of a check that is not known here, nothing is believed but the least.
        validated = Validation(wire: wire.validated, unknown: .stream, notes: &notes)
    }

    var wire: Backup_V1_BackupCompleted {
        .with {
            $0.jobID = jobID
            $0.runID = runID
            $0.s3Key = objectKey
            $0.sizeBytes = sizeBytes
            $0.sha256 = sha256
            $0.durationMs = durationMilliseconds
            $0.dekKmsID = keyID
            $0.encryptedDek = Data(encryptedKey)
            $0.compression = compression
            $0.dbEngineVersion = engineVersion
            $0.formatVersion = formatVersion
            $0.dumpSizeBytes = dumpSizeBytes
            $0.manifest = Data(manifest)
            $0.validated = validated.wire
        }
    }
}

extension Validation {
    init(wire: Backup_V1_Validation, unknown: Validation, notes: inout WireNotes) {
        switch wire {
        case .stream: self = .stream
        case .firstFrame: self = .firstFrame
        case .full: self = .full
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know validation \(value)")
            self = unknown
        }
    }

    var wire: Backup_V1_Validation {
        switch self {
        case .stream: .stream
        case .firstFrame: .firstFrame
        case .full: .full
        }
    }
}
