internal import SwiftProtobuf

extension JobUpdate {
    init(wire: Backup_V1_JobUpdate, notes: inout WireNotes) {
        self.init()
        jobID = wire.jobID
        runID = wire.runID
        status = JobStatus(wire: wire.status, notes: &notes)
        progressPercent = min(wire.progressPercent, 100)
        currentStep = wire.currentStep
        error = ErrorReport(
            wireCode: wire.errorCode, message: wire.errorMessage, hint: wire.errorHint, recovery: wire.recovery)
        bytesDone = wire.bytesDone
        attempt = wire.attempt
    }

    var wire: Backup_V1_JobUpdate {
        .with {
            $0.jobID = jobID
            $0.runID = runID
            $0.status = status.wire
            $0.progressPercent = progressPercent
            $0.currentStep = currentStep
            $0.errorMessage = error?.message ?? ""
            $0.errorCode = error?.code ?? ""
            $0.errorHint = error?.hint ?? ""
            $0.recovery = error?.recovery ?? ""
            $0.bytesDone = bytesDone
            $0.attempt = attempt
        }
    }
}

extension JobStatus {
    init(wire: Backup_V1_JobStatus, notes: inout WireNotes) {
        switch wire {
        case .unspecified: self = .unspecified
        case .queued: self = .queued
        case .running: self = .running
        case .success: self = .success
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know status \(value)")
            self = .unspecified
        }
    }

    var wire: Backup_V1_JobStatus {
        switch self {
        case .unspecified: .unspecified
        case .queued: .queued
        case .running: .running
        case .success: .success
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}

extension ErrorReport {
    /// nil where every text is empty: then nothing has failed.
    init?(wireCode code: String, message: String, hint: String, recovery: String = "") {
        guard !(code.isEmpty && message.isEmpty && hint.isEmpty && recovery.isEmpty) else { return nil }
        self.init(code: code, message: message, hint: hint, recovery: recovery)
    }
}
