package import BackupCore

/// Errors of frames that can't be an envelope. What an envelope says that is not understood is never an error.
package enum WireError: BackupError, Equatable {
    case malformed(bytes: Int)
    case tooLarge(bytes: Int)

    package var code: String {
        switch self {
        case .malformed: "wire.malformed"
        case .tooLarge: "wire.too_large"
        }
    }

    package var message: String {
        switch self {
        case .malformed(let bytes): "a frame of \(bytes) bytes is no message of backup.v1"
        case .tooLarge(let bytes): "a frame of \(bytes) bytes is over the limit of \(WireCodec.largestFrame)"
        }
    }

    package var hint: String {
        switch self {
        case .malformed: "check that the address is that of a Backupy server, and what proxies stand in between"
        case .tooLarge: "use fewer targets, jobs or health checks on one agent; if there are few, report it"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .malformed: .retry
        case .tooLarge: .userAction
        }
    }
}
