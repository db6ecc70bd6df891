internal import SwiftProtobuf

extension LogEvent {
    init(wire: Backup_V1_LogEvent, notes: inout WireNotes) {
        self.init()
        timeMilliseconds = wire.tsMs
        level = LogLevel(wire: wire.level, notes: &notes)
        jobID = wire.jobID
        message = wire.message
        fields = wire.fields
    }

    var wire: Backup_V1_LogEvent {
        .with {
            $0.tsMs = timeMilliseconds
            $0.level = level.wire
            $0.jobID = jobID
            $0.message = message
            $0.fields = fields
        }
    }
}

extension LogLevel {
    init(wire: Backup_V1_LogLevel, notes: inout WireNotes) {
        switch wire {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .warn: self = .warn
        case .error: self = .error
        case .UNRECOGNIZED(let value):
            notes.add("this version doesn't know log level \(value)")
            self = .info
        }
    }

    var wire: Backup_V1_LogLevel {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .warn: .warn
        case .error: .error
        }
    }
}
