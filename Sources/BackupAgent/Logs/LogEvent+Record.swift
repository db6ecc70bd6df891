internal import BackupWire
internal import FoundationEssentials
internal import Logging

extension BackupWire.LogEvent {
    /// The job is a field of its own on the wire.
    init(_ record: LogRecord) {
        self.init()
        timeMilliseconds = UInt64(max(0, record.time.timeIntervalSince1970 * 1000))
        level =
            switch record.level {
            case .trace: .trace
            case .debug: .debug
            case .info, .notice: .info
            case .warning: .warn
            case .error, .critical: .error
            }
        message = record.message
        fields = record.fields
        jobID = fields.removeValue(forKey: "job_id") ?? ""
    }
}
