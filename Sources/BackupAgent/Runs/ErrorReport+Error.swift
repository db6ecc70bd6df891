internal import BackupCore
internal import BackupWire

extension ErrorReport {
    /// What the control plane is told of a failure: which stage, what the tool said, what to do next. Never a secret.
    init(_ error: any Error, hiding redaction: Redaction) {
        switch error {
        case let error as any BackupError:
            self.init(
                code: error.code, message: redaction.hide(error.message), hint: error.hint,
                recovery: error.recovery.rawValue)
        case is CancellationError: self.init(RunError.cancelled(""), hiding: redaction)
        default:
            self.init(
                code: "run.unexpected", message: redaction.hide("\(error)"),
                hint: "this should have a better message: please report it", recovery: Recovery.bug.rawValue)
        }
    }
}
