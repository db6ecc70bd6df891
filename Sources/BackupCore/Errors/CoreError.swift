internal import Glibc

/// Errors of names and values that a person or a peer wrote.
package enum CoreError: BackupError, Equatable {
    case invalidObjectKey(String, reason: String)
    case invalidBackupID(String)
    case fileExists(String)
    case systemCall(String, on: String, errno: Int32)

    package var code: String {
        switch self {
        case .invalidObjectKey: "core.invalid_object_key"
        case .invalidBackupID: "core.invalid_backup_id"
        case .fileExists: "core.file_exists"
        case .systemCall: "core.system_call"
        }
    }

    package var message: String {
        switch self {
        case .invalidObjectKey(let key, let reason): "'\(key)' can't be an object's key: \(reason)"
        case .invalidBackupID(let id): "'\(id)' is not a backup's id"
        case .fileExists(let path): "\(path) exists already"
        case .systemCall(let call, let subject, let errno): "\(call) failed on \(subject): \(SystemMessage.of(errno))"
        }
    }

    package var hint: String {
        switch self {
        case .invalidObjectKey: "use a shorter prefix, without '..', '//' or control characters"
        case .invalidBackupID: "ids look like 20260131-235959-k3v9qz; 'backupy list' prints them"
        case .fileExists: "give another name; nothing is ever written over"
        case .systemCall(_, _, ENOSPC): "free some space, or choose another place"
        case .systemCall(_, _, EACCES), .systemCall(_, _, EPERM): "check the permissions of the file and its directory"
        case .systemCall(_, _, ENOENT): "check the path: its directory must exist"
        case .systemCall: "check the limits of this machine: open files, processes, memory, disk"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .invalidObjectKey, .invalidBackupID, .fileExists: .userAction
        case .systemCall: .retry
        }
    }
}
