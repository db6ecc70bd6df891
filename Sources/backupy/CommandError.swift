internal import BackupCore

/// Errors of the command line itself.
enum CommandError: BackupError {
    case fileExists(String)
    case unreadableFile(String, errno: Int32)
    case unwritableFile(String, errno: Int32)
    case fileTooLarge(String, limit: Int)
    case unwritableResult(errno: Int32)
    case publicFile(String)
    case badLoginFile(String)
    case badCertificates(String)

    var code: String {
        switch self {
        case .fileExists: "command.file_exists"
        case .unreadableFile: "command.unreadable_file"
        case .unwritableFile: "command.unwritable_file"
        case .fileTooLarge: "command.file_too_large"
        case .unwritableResult: "command.unwritable_result"
        case .publicFile: "command.public_file"
        case .badLoginFile: "command.bad_login_file"
        case .badCertificates: "command.bad_certificates"
        }
    }

    var message: String {
        switch self {
        case .fileExists(let path): "\(path) exists already"
        case .unreadableFile(let path, let errno): "\(path) can't be read: \(SystemMessage.of(errno))"
        case .unwritableFile(let path, let errno): "\(path) can't be written: \(SystemMessage.of(errno))"
        case .fileTooLarge(let path, let limit): "\(path) has more than \(limit) bytes"
        case .unwritableResult(let errno): "the result can't be written to stdout: \(SystemMessage.of(errno))"
        case .publicFile(let path): "others on this machine may read \(path), which has a token in it"
        case .badLoginFile(let path): "\(path) is not what 'backupy login' wrote"
        case .badCertificates(let path): "\(path) can't be read as PEM certificates"
        }
    }

    var hint: String {
        switch self {
        case .fileExists: "give another name; nothing is ever written over"
        case .unreadableFile: "check the path and its permissions"
        case .unwritableFile: "check the directory, its permissions and its free space"
        case .fileTooLarge: "check that it is the file that is meant"
        case .publicFile: "take their permission away with chmod 600, and think about a new token"
        case .badLoginFile: "remove it, and log in again"
        case .badCertificates: "name a file with the certificate of the authority, or of the server itself"
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
    case noTerminal(String)
    case passwordsDiffer
    case restoreFromTwo
    case missing(String)
    case onlyWithRun(String)
    case notWithRun(String)

    var code: String {
        switch self {
        case .arguments: "command.usage"
        case .noRecipient: "command.no_recipient"
        case .recipientsWithoutEncryption: "command.recipients_without_encryption"
        case .noTerminal: "command.no_terminal"
        case .passwordsDiffer: "command.passwords_differ"
        case .restoreFromTwo: "command.restore_from_two"
        case .missing: "command.missing"
        case .onlyWithRun: "command.only_with_run"
        case .notWithRun: "command.not_with_run"
        }
    }

    var message: String {
        switch self {
        case .arguments(let words): words
        case .noRecipient: "no --recipient was given, so nobody could open the backup"
        case .recipientsWithoutEncryption: "--no-encryption and --recipient contradict each other"
        case .noTerminal(let question): "there is no terminal to ask '\(question)'"
        case .passwordsDiffer: "the two passwords are not the same"
        case .restoreFromTwo: "SRC and --run name two different backups"
        case .missing(let what): "\(what) is missing"
        case .onlyWithRun(let option): "\(option) means something only with --run"
        case .notWithRun(let option): "\(option) means nothing with --run"
        }
    }

    var hint: String {
        switch self {
        case .arguments: "'backupy help', and --help after a command, show how it is called"
        case .noRecipient:
            "make a key with 'backupy keygen -o key.txt' and give its public key: --recipient age1…; or write out --no-encryption"
        case .recipientsWithoutEncryption, .restoreFromTwo: "leave one of them out"
        case .noTerminal:
            "run it in a terminal; or give what it asks for by an option (--help), a token by BACKUPY_TOKEN, consent by --yes"
        case .passwordsDiffer: "begin again, and type it twice the same"
        case .missing:
            "name a backup in a store by SRC, or one of a server's by --run RUN; a restore from SRC needs --to DATABASE-URL as well"
        case .onlyWithRun: "give the run with --run, or leave the option out"
        case .notWithRun: "leave it out: with --run the server knows where the backup is, and its agent has the rest"
        }
    }

    var recovery: Recovery { .userAction }
}
