package import BackupCore

/// Errors of the agent's durable state. None of them is ever taken for "no state yet", and none changes what is there.
package enum StateError: BackupError, Equatable {
    case notWritable(String, uid: UInt32, reason: String)
    case inUse(String)
    case wrongKey(String)
    case damaged(String, reason: String)
    case newerVersion(String, version: Int, known: Int)
    case missing(String)
    case diskFull(String)
    case outboxFull(entries: Int, bytes: Int)
    case failed(String, code: Int32, reason: String)
    case closed(String)

    package var code: String {
        switch self {
        case .notWritable: "state.not_writable"
        case .inUse: "state.in_use"
        case .wrongKey: "state.wrong_key"
        case .damaged: "state.damaged"
        case .newerVersion: "state.newer_version"
        case .missing: "state.missing"
        case .diskFull: "state.disk_full"
        case .outboxFull: "state.outbox_full"
        case .failed: "state.failed"
        case .closed: "state.closed"
        }
    }

    package var message: String {
        switch self {
        case .notWritable(let path, let uid, let reason): "\(path) can't be written by uid \(uid): \(reason)"
        case .inUse(let path): "another agent works with \(path)"
        case .wrongKey(let path): "\(path) was sealed with another agent key"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        case .newerVersion(let path, let version, let known):
            "\(path) has version \(version), and this agent knows up to \(known)"
        case .missing(let path): "there is no state at \(path)"
        case .diskFull(let path): "there is no space left for \(path)"
        case .outboxFull(let entries, let bytes):
            "the outbox is full: \(entries) messages, \(bytes) bytes, and the server takes none of them"
        case .failed(let path, let code, let reason): "SQLite can't work with \(path): \(reason) (code \(code))"
        case .closed(let path): "\(path) is closed already"
        }
    }

    package var hint: String {
        switch self {
        case .notWritable(_, let uid, _):
            "make the directory's owner uid \(uid), or set BACKUPY_STATE_DIR to another one"
        case .inUse: "give each agent a BACKUPY_STATE_DIR of its own, or stop the other one"
        case .wrongKey: "set the BACKUPY_AGENT_KEY of before, or move the file away to begin without its state"
        case .damaged: "look at the disk; move the file away to begin without its state, and keep it for a report"
        case .newerVersion: "start the newer agent again, or move the file away to begin without its state"
        case .missing: "check BACKUPY_STATE_DIR: an agent writes it at its first start"
        case .diskFull: "free some space: the agent goes on by itself"
        case .outboxFull: "check the connection to the server: messages go out when it is back"
        case .failed: "look at the disk, and at the kernel's log"
        case .closed: "report it, with the log"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .diskFull, .outboxFull, .failed: .retry
        case .closed: .bug
        default: .userAction
        }
    }
}
