package struct LogEvent: Sendable, Equatable {
    package var timeMilliseconds: UInt64 = 0
    package var level = LogLevel.info
    package var jobID = ""
    package var message = ""
    package var fields: [String: String] = [:]

    package init() {}
}
