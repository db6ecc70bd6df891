package enum JobStatus: Sendable, Equatable {
    case unspecified
    case queued
    case running
    case success
    case failed
    case cancelled
}
