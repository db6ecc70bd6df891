internal import BackupCore

/// Errors of the command line itself.
enum CommandError: BackupError {
    case fileExists(String)
    case unreadableFile(String, errno: Int32)
    case unwritableFile(String, errno: Int32)
    case fileTooLarge(String, limit: Int)
    case unwritableResult(errno: Int32)

    var code: String {
        switch self {
        case .fileExists: "command.file_exists"
        case .unreadableFile: "command.unreadable_file"
        case .unwritableFile: "command.unwritable_file"
        case .fileTooLarge: "command.file_too_large"
        case .unwritableResult: "command.unwritable_result"
        }
    }

    var message: String {
        switch self {
        case .fileExists(let path): "\(path) exists already"
        case .unreadableFile(let path, let errno): "\(path) can't be read: \(SystemMessage.of(errno))"
        case .unwritableFile(let path, let errno): "\(path) can't be written: \(SystemMessage.of(errno))"
        case .fileTooLarge(let path, let limit): "\(path) has more than \(limit) bytes, which no file of keys has"
        case .unwritableResult(let errno): "the result can't be written to stdout: \(SystemMessage.of(errno))"
        }
    }

    var hint: String {
        switch self {
        case .fileExists: "give another name; nothing is ever written over"
        case .unreadableFile: "check the path and its permissions"
        case .unwritableFile: "check the directory, its permissions and its free space"
        case .fileTooLarge: "give the file that 'backupy keygen' or age-keygen wrote"
        case .unwritableResult:
            "check where stdout goes, and its free space; a backup or a restore itself is done, a printed key is lost"
        }
    }

    var recovery: Recovery { .userAction }
}

/// A combination of arguments that means nothing.
enum UsageError: BackupError {
    /// What the parser of arguments says.
    case arguments(String)
    case noRecipient
    case recipientsWithoutEncryption

    var code: String {
        switch self {
        case .arguments: "command.usage"
        case .noRecipient: "command.no_recipient"
        case .recipientsWithoutEncryption: "command.recipients_without_encryption"
        }
    }

    var message: String {
        switch self {
        case .arguments(let words): words
        case .noRecipient: "no --recipient was given, so nobody could open the backup"
        case .recipientsWithoutEncryption: "--no-encryption and --recipient contradict each other"
        }
    }

    var hint: String {
        switch self {
        case .arguments: "'backupy help', and --help after a command, show how it is called"
        case .noRecipient:
            "make a key with 'backupy keygen -o key.txt' and give its public key: --recipient age1…; or write out --no-encryption"
        case .recipientsWithoutEncryption: "leave one of them out"
        }
    }

    var recovery: Recovery { .userAction }
}
