package struct JobUpdate: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var status = JobStatus.unspecified
    package var progressPercent: UInt32 = 0
    /// `pre_hooks`, `dumping`, `compressing`, `uploading`, `validating` or `post_hooks`
    package var currentStep = ""
    package var error: ErrorReport?
    /// Of the dump, so far.
    package var bytesDone: UInt64 = 0
    /// From 1.
    package var attempt: UInt32 = 0

    package init() {}
}
