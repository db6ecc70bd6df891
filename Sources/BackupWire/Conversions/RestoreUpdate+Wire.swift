internal import SwiftProtobuf

extension RestoreUpdate {
    init(wire: Backup_V1_RestoreUpdate, notes: inout WireNotes) {
        self.init()
        restoreID = wire.restoreID
        status = JobStatus(wire: wire.status, notes: &notes)
        progressPercent = min(wire.progressPercent, 100)
        currentStep = wire.currentStep
        error = ErrorReport(wireCode: wire.errorCode, message: wire.errorMessage, hint: wire.errorHint)
        targetState = wire.targetState
        bytesDone = wire.bytesDone
    }

    var wire: Backup_V1_RestoreUpdate {
        .with {
            $0.restoreID = restoreID
            $0.status = status.wire
            $0.progressPercent = progressPercent
            $0.currentStep = currentStep
            $0.errorMessage = error?.message ?? ""
            $0.errorCode = error?.code ?? ""
            $0.errorHint = error?.hint ?? ""
            $0.targetState = targetState
            $0.bytesDone = bytesDone
        }
    }
}
