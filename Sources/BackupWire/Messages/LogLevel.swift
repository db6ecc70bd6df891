package enum LogLevel: Sendable, Equatable {
    case trace
    case debug
    case info
    case warn
    case error
}
