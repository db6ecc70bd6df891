package struct RestoreUpdate: Sendable, Equatable {
    package var restoreID = ""
    package var status = JobStatus.unspecified
    package var progressPercent: UInt32 = 0
    package var currentStep = ""
    package var error: ErrorReport?
    /// As ``TargetState`` names it; empty where nothing failed.
    package var targetState = ""
    package var bytesDone: UInt64 = 0

    package init() {}
}
